import type { Report } from './report.ts';

/** Window Management API of Chromium, which TypeScript's DOM types lack. */
interface Screens {
  readonly isExtended?: boolean;
  addEventListener?(name: 'change', listener: () => void, options: { signal: AbortSignal }): void;
}

/** Bound of the message `state`. */
const MAX_SCREENS = 64;
/** Number of screens by the last count, if there was one. */
let counted: number | undefined;

/** As far as the browser tells without a question to the student. */
export function screensNow(): number | 'several' | 'unknown' {
  const { isExtended } = screen as Screens;
  if (isExtended === undefined) return 'unknown';
  return isExtended ? (counted ?? 'several') : 1;
}

/** Reports a second screen at the start, and each time one is added. */
export function watchScreens(report: Report, signal: AbortSignal): void {
  const screens = screen as Screens;
  let extended = false;
  const look = async () => {
    const before = extended;
    extended = screens.isExtended === true;
    if (!extended || before) return;
    const count = await countScreens();
    counted = count === undefined ? undefined : Math.min(count, MAX_SCREENS);
    if (!signal.aborted) report('SECOND_SCREEN', count === undefined ? undefined : { screens: count });
  };
  screens.addEventListener?.('change', () => void look(), { signal });
  void look();
}

/** Number of screens, if the user has already granted the permission; never prompts. */
async function countScreens(): Promise<number | undefined> {
  const ask = (globalThis as { getScreenDetails?: () => Promise<{ readonly screens: readonly unknown[] }> })
    .getScreenDetails;
  if (!ask) return undefined;
  try {
    const { state } = await navigator.permissions.query({ name: 'window-management' as PermissionName });
    return state === 'granted' ? (await ask.call(globalThis)).screens.length : undefined;
  } catch {
    return undefined;
  }
}
