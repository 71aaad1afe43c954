/** A camera of this device. */
export interface CameraInfo {
  readonly deviceId: string;
  readonly label: string;
}

/** Infrared sensors, docks, capture cards and virtual cameras, which systems often list first. */
const UNLIKELY =
  /\b(ir|infrared|depth|hello|dock|capture|cam link|hdmi|virtual|obs|manycam|droidcam|xsplit|snap|ndi|loopback)\b/i;
const BUILT_IN = /front|integrated|built-?in|internal|facetime|user/i;

/** Whether a camera of this name hardly shows the student as exams need it. */
export const isUnlikely = ({ label }: CameraInfo): boolean => UNLIKELY.test(label);

/** Pure: the remembered camera, else a built-in one, else one that is not unlikely, else the first. */
export function preferredCamera(
  cameras: readonly CameraInfo[],
  remembered: string | undefined,
): CameraInfo | undefined {
  const likely = cameras.filter((camera) => !isUnlikely(camera));
  return (
    cameras.find(({ deviceId }) => deviceId === remembered) ??
    likely.find(({ label }) => BUILT_IN.test(label)) ??
    likely[0] ??
    cameras[0]
  );
}

/** Cameras that can be chosen: none before the permission, which hides their names. Never rejects. */
export async function listCameras(): Promise<CameraInfo[]> {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices
      .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
      .map(({ deviceId, label }) => ({ deviceId, label }));
  } catch {
    return [];
  }
}

/** Id of the camera of a stream; undefined where the browser does not tell. */
export const cameraOf = (stream: MediaStream | undefined): string | undefined =>
  stream?.getVideoTracks()[0]?.getSettings().deviceId;
