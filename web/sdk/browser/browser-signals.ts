import type { KnownSignal } from '../../../protocol/event-types.ts';

export type Report = (signal: KnownSignal, data?: Record<string, unknown>) => void;

/** A tab switch blurs the window and hides the page a moment later: one signal, not two. ms */
const BLUR_WAIT_MS = 150;

/**
 * Reports browser signals of the student: occurrence and length, never contents.
 * @returns a function that stops it
 */
export function watchBrowser(report: Report): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  let blurTimer: ReturnType<typeof setTimeout> | undefined;
  let leaving = false;

  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden' && !leaving) report('TAB_SWITCH');
    },
    options,
  );
  // A reloaded page is hidden after this: a connection gap, not a tab switch.
  window.addEventListener('pagehide', () => (leaving = true), options);
  window.addEventListener('pageshow', () => (leaving = false), options);
  window.addEventListener(
    'blur',
    () => {
      clearTimeout(blurTimer);
      blurTimer = setTimeout(() => {
        if (document.visibilityState === 'visible' && !document.hasFocus()) report('WINDOW_BLUR');
      }, BLUR_WAIT_MS);
    },
    options,
  );
  document.addEventListener(
    'fullscreenchange',
    () => {
      if (!document.fullscreenElement) report('FULLSCREEN_EXIT');
    },
    options,
  );
  document.addEventListener('copy', () => report('COPY', { length: String(getSelection() ?? '').length }), options);
  document.addEventListener(
    'paste',
    (event) => report('PASTE', { length: event.clipboardData?.getData('text').length ?? 0 }),
    options,
  );
  document.addEventListener('contextmenu', () => report('CONTEXT_MENU'), options);
  watchScreens(report, stop.signal);

  return () => {
    clearTimeout(blurTimer);
    stop.abort();
  };
}

/** Window Management API of Chromium, which TypeScript's DOM types lack. */
interface Screens {
  readonly isExtended?: boolean;
  addEventListener?(name: 'change', listener: () => void, options: { signal: AbortSignal }): void;
}

/** Reports a second screen at the start, and each time one is added. */
function watchScreens(report: Report, signal: AbortSignal): void {
  const screens = screen as Screens;
  let extended = false;
  const look = async () => {
    const before = extended;
    extended = screens.isExtended === true;
    if (!extended || before) return;
    const count = await countScreens();
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
