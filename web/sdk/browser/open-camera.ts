import { type CameraInfo, cameraOf, isUnlikely, listCameras, preferredCamera } from './camera-list.ts';

/**
 * Opens a camera. Without a chosen one, the browser's choice is replaced if its name is that of an infrared, dock or
 * virtual camera and there is a better one: names are known only after the permission.
 * @param deviceId camera to prefer; another one is opened while it is not connected
 * @throws the browser's error; a TypeError where it has no camera API
 */
export async function openCamera(constraints: MediaTrackConstraints, deviceId?: string): Promise<MediaStream> {
  const open = (video: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ video, audio: false });
  if (constraints.deviceId !== undefined) return open(constraints);
  // A rear camera that was chosen would lose against `facingMode`.
  const { facingMode: _, ...others } = constraints;
  if (deviceId !== undefined) {
    try {
      // Chromium does not follow an ideal id.
      return await open({ ...others, deviceId: { exact: deviceId } });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
  const stream = await open(constraints);
  const better = await betterThan(stream);
  if (!better) return stream;
  try {
    const second = await open({ ...others, deviceId: { exact: better.deviceId } });
    for (const track of stream.getTracks()) track.stop();
    return second;
  } catch {
    return stream;
  }
}

/** Not connected, or its id was changed when the site's data were deleted. */
const isAbsent = (error: unknown) => {
  const { name } = error as { readonly name?: string };
  return name === 'OverconstrainedError' || name === 'NotFoundError';
};

async function betterThan(stream: MediaStream): Promise<CameraInfo | undefined> {
  const cameras = await listCameras();
  const current = cameras.find(({ deviceId }) => deviceId === cameraOf(stream));
  if (!current || !isUnlikely(current)) return undefined;
  const preferred = preferredCamera(cameras, undefined);
  return preferred === current ? undefined : preferred;
}
