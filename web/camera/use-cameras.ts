import { useEffect, useState } from 'preact/hooks';
import { type CameraInfo, listCameras } from '../sdk/browser/camera-list.ts';

/** Cameras of this device, as they come and go. @param open the open camera: names are known once there was one */
export function useCameras(open: MediaStream | undefined): readonly CameraInfo[] {
  const [cameras, setCameras] = useState<readonly CameraInfo[]>([]);
  useEffect(() => {
    const end = new AbortController();
    const read = () => void listCameras().then((found) => end.signal.aborted || setCameras(found));
    read();
    navigator.mediaDevices?.addEventListener('devicechange', read, { signal: end.signal });
    return () => end.abort();
  }, [open]);
  return cameras;
}
