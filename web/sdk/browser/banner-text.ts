import type { StateChange } from '../link-state.ts';

/** Part of `CameraChange`. */
export interface CameraState {
  readonly state: 'live' | 'back' | 'muted' | 'lost' | 'refused';
}

export interface BannerText {
  readonly text: string;
  /** Label of a button that tries again; undefined where the SDK does so by itself, or where nothing can be done. */
  readonly action?: 'Continue here' | 'Try again';
}

/**
 * Pure: what the SDK is waiting for, in words for the student; undefined while everything works. A first connection is
 * no news: it has its time before it is reported.
 * @param late the connection has been away for some seconds
 */
export function bannerText(
  { state, retryInMs }: StateChange,
  camera: CameraState | undefined,
  late: boolean,
): BannerText | undefined {
  switch (state) {
    case 'takenOver':
      return { text: 'This exam was opened in another window or on another device.', action: 'Continue here' };
    case 'failed':
      return { text: 'The exam server refused the connection. Please contact your proctor.', action: 'Try again' };
    case 'unauthenticated':
      if (retryInMs === undefined)
        return { text: 'Your login has expired. Log in again to continue. Nothing is lost.', action: 'Try again' };
      break;
    case 'ended':
      return undefined;
    case 'live':
      return cameraText(camera);
    default:
  }
  if (!late) return undefined;
  return { text: 'Connecting to the exam server. Keep working: the interruption does not count against you.' };
}

function cameraText(camera: CameraState | undefined): BannerText | undefined {
  switch (camera?.state) {
    case 'refused':
      return {
        text: 'The camera cannot be used. Allow it in your browser, and close programs that use it.',
        action: 'Try again',
      };
    case 'muted':
      return { text: 'The camera sends no image. Check whether it is covered or turned off by a key or a slider.' };
    case 'lost':
      return { text: 'The camera has stopped. It is being restarted.' };
    default:
      return undefined;
  }
}
