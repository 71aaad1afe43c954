import { browserStorage } from '../shared/safe-storage.ts';

/** The same as the SDK's `data-camera-choice`. */
const KEY = 'invigil.camera';

/** Camera that was chosen in this browser. */
export const chosenCamera = (): string | undefined => browserStorage().getItem(KEY) ?? undefined;

export function rememberCamera(deviceId: string): void {
  try {
    browserStorage().setItem(KEY, deviceId);
  } catch {
    // The storage is full: chosen for this page only.
  }
}
