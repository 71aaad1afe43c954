import type { KnownSignal } from '../../protocol/event-types.ts';

export type Report = (signal: KnownSignal, data?: Record<string, unknown>) => void;

/** A change of tab takes the focus first and hides the page a moment later; it is one signal, not two. */
const BLUR_WAIT_MS = 150;

/**
 * Reports what the browser tells of the student's conduct: that it happened and how much, never contents.
 * @returns stops it
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
  // A page that is reloaded is hidden after this: a gap in the connection, not a change of tab.
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
  document.addEventListener('paste', (event) => report('PASTE', { length: event.clipboardData?.getData('text').length ?? 0 }), options);
  document.addEventListener('contextmenu', () => report('CONTEXT_MENU'), options);

  return () => {
    clearTimeout(blurTimer);
    stop.abort();
  };
}

/** Tells once when the camera's track dies or goes dark at its source. @returns stops it */
export function watchCamera(stream: MediaStream, lost: (reason: 'ended' | 'muted') => void): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal, once: true };
  const track = stream.getVideoTracks()[0];
  track?.addEventListener('ended', () => lost('ended'), options);
  track?.addEventListener('mute', () => lost('muted'), options);
  return () => stop.abort();
}
