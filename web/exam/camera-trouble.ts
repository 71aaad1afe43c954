import type { CameraChange } from '../sdk/browser/camera.ts';
import type { CameraFault } from '../sdk/browser/camera-fault.ts';

/** What the student should know of the camera during the exam, besides a refusal; undefined while all is well. */
export function cameraTrouble(change: CameraChange | undefined): string | undefined {
  if (change?.state === 'muted')
    return 'The camera gives no picture. Is it covered, or switched off by a key or a slider?';
  if (change?.state === 'lost') return 'The camera has stopped. It is being turned on again.';
  return undefined;
}

/** The errors that the SDK has read its reasons from, for the same help as before the exam. */
const ERROR_NAMES: Record<CameraFault, string> = {
  insecure: 'TypeError',
  policy: 'NotAllowedError',
  denied: 'NotAllowedError',
  system: 'NotAllowedError',
  missing: 'NotFoundError',
  in_use: 'NotReadableError',
  other: '',
};

export const errorOf = ({
  reason,
  message,
}: Extract<CameraChange, { state: 'refused' }>): { name: string; message: string } => ({
  name: ERROR_NAMES[reason],
  message,
});
