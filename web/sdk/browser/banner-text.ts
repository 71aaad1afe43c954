import type { StateChange } from '../link-state.ts';
import type { CameraFault } from './camera-reason.ts';
import { studentTexts } from './student-texts.ts';

/** Part of `CameraChange`. */
export type CameraState =
  { readonly state: 'live' | 'back' | 'muted' | 'lost' } | { readonly state: 'refused'; readonly reason: CameraFault };

export interface BannerText {
  readonly text: string;
  /** Label of a button that retries; undefined where the SDK retries automatically, or where nothing can be done. */
  readonly action?: typeof studentTexts.continueHere | 'Try again';
}

/**
 * Pure: the reason why the SDK is waiting, for the student; undefined while everything works, and during the first
 * seconds of an interruption or a first connection.
 * @param late those seconds have passed
 */
export function bannerText(
  { state, retryInMs, refusal }: StateChange,
  camera: CameraState | undefined,
  late: boolean,
): BannerText | undefined {
  switch (state) {
    case 'takenOver':
      return { text: studentTexts.takenOver, action: studentTexts.continueHere };
    case 'failed':
      return { text: 'The exam server refused the connection. Please contact your proctor.', action: 'Try again' };
    case 'unauthenticated':
      if (retryInMs === undefined) return { text: studentTexts.loginExpired, action: 'Try again' };
      break;
    case 'ended':
      return undefined;
    case 'live':
      return cameraText(camera);
    default:
  }
  if (refusal) return { text: studentTexts.refused(refusal) };
  if (!late) return undefined;
  return { text: `Connecting to the exam server. Keep working: ${studentTexts.interruption}` };
}

function cameraText(camera: CameraState | undefined): BannerText | undefined {
  switch (camera?.state) {
    case 'refused':
      return refusedText(camera.reason);
    case 'muted':
      return { text: studentTexts.cameraMuted };
    case 'lost':
      return { text: studentTexts.cameraStopped };
    default:
      return undefined;
  }
}

function refusedText(reason: CameraFault): BannerText {
  const { cameraRefused } = studentTexts;
  // Nothing that the student can change on this page.
  if (reason === 'policy' || reason === 'insecure') return { text: cameraRefused[reason] };
  return { text: cameraRefused[reason], action: 'Try again' };
}
