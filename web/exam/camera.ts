import { CAMERA_CONSTRAINTS, type CameraChange } from '../sdk/browser/camera.ts';
import { cameraFault, type CameraFault } from '../sdk/browser/camera-fault.ts';

/** Asks for the user's camera. @throws Error with a sentence for the user */
export async function openCamera(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: CAMERA_CONSTRAINTS, audio: false });
  } catch (cause) {
    throw new Error(FAULTS[cameraFault(cause)], { cause });
  }
}

export function stopCamera(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

const FAULTS: Record<CameraFault, string> = {
  insecure: 'The browser gives this page no camera: it must be opened over https, or on this very machine.',
  policy: 'The page around this one does not let it use the camera. Open the exam in a tab of its own, or tell your proctor.',
  denied: 'The browser was not allowed to use the camera. Allow it in the address bar and try again.',
  system: 'The system keeps the camera from the browser. Allow it in the system settings, under privacy, and try again.',
  missing: 'No camera was found. Plug one in, or switch it on.',
  in_use: 'The camera is in use by another program. Close that and try again.',
  other: 'The camera cannot be used.',
};

/** What the student should know of the camera during the exam; undefined while all is well. */
export function cameraTrouble(change: CameraChange | undefined): string | undefined {
  switch (change?.state) {
    case 'muted':
      return 'The camera gives no picture. Is it covered, or switched off by a key or a slider?';
    case 'lost':
      return 'The camera has stopped. It is being turned on again.';
    case 'refused':
      return FAULTS[change.reason];
    default:
      return undefined;
  }
}
