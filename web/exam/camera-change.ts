import type { CameraChange } from '../sdk/browser/camera.ts';
import type { CameraFault } from '../sdk/browser/camera-reason.ts';
import { t } from './messages.ts';

/** Message about a muted or stopped camera; undefined otherwise. Refusals have help of their own. */
export function cameraProblemText(change: CameraChange | undefined): string | undefined {
  if (change?.state === 'muted') return t.cameraMuted;
  if (change?.state === 'lost') return t.cameraStopped;
  return undefined;
}

/** Browser errors behind the SDK's reasons, for the same help as before the exam. */
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
