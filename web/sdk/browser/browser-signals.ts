import type { PageState } from '../state-reports.ts';
import { Attention, type Dialog } from './attention.ts';
import { watchDocuments } from './document-signals.ts';
import { watchForeignFrames } from './foreign-frames.ts';
import { FullscreenExit } from './fullscreen-exit.ts';
import { hasFocus } from './has-focus.ts';
import { watchPickers } from './programmatic-pickers.ts';
import type { Report } from './report.ts';
import { frameDocuments, isForeign } from './same-origin-frames.ts';
import { watchScreens } from './screens.ts';
import { windowActive } from './window-active.ts';

/** Interval of looks at focus and frames, ms. */
const LOOK_MS = 250;

export interface BrowserWatch {
  /** Called by a clock that is not throttled, as often as it likes. */
  tick(): void;
  /** What the page knows of itself; for reports of its state. */
  state(): Pick<PageState, 'visible' | 'focused' | 'explained'>;
  stop(): void;
}

/** A video, an image or a frame of another origin in full screen is not the exam: leaving it leaves nothing. */
const isPlayer = (element: Element | null): boolean =>
  element !== null && (/^(VIDEO|IMG)$/.test(element.tagName) || (element.tagName === 'IFRAME' && isForeign(element)));

/**
 * Reports browser signals of the student: occurrence and length, never contents.
 * @param frames origins of embedded pages whose `frame.js` is believed
 * @param ignoresFields whether the clipboard inside the page's own fields is not reported
 */
export function watchBrowser(report: Report, frames: readonly string[], ignoresFields: () => boolean): BrowserWatch {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  const exit = new FullscreenExit(() => report('FULLSCREEN_EXIT'));
  const attention: Attention = new Attention((type, data) => {
    const isOneAct = (type === 'TAB_SWITCH' || type === 'WINDOW_BLUR') && exit.joins(attention.absence);
    report(type, isOneAct ? { ...data, fullscreenExit: true } : data);
  });
  let leaving = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const look = () => {
    // A page that is being replaced is hidden, too: `Departures` reports that.
    if (leaving || (document as { prerendering?: boolean }).prerendering) return;
    lookedAt = performance.now();
    const visible = document.visibilityState === 'visible';
    // Not known, in a frame of another origin's page, counts as focused: each click beside the frame would be a blur.
    attention.look({ visible, focused: visible && (hasFocus() ?? true), windowActive: windowActive() }, lookedAt);
    exit.look(attention.absence, lookedAt);
  };
  const opens = (dialog: Dialog) => attention.opens(dialog, performance.now());
  const closes = (dialog: Dialog) => attention.closes(dialog, performance.now());
  const documents = watchDocuments({ report, opens, closes, ignoresFields }, stop.signal);
  const addFrames = () => {
    for (const doc of frameDocuments(document)) documents.add(doc);
  };
  const tick = () => {
    if (performance.now() - lookedAt < LOOK_MS) return;
    look();
    addFrames();
  };

  documents.add(document);
  addFrames();
  // `load` does not bubble, but is captured. Frames that are added without one are found by their mutation.
  document.addEventListener('load', addFrames, { ...options, capture: true });
  const added = new MutationObserver(addFrames);
  added.observe(document, { childList: true, subtree: true });
  watchForeignFrames(report, frames, stop.signal);
  watchScreens(report, stop.signal);
  const restorePickers = watchPickers({ opens, closes });

  document.addEventListener('visibilitychange', look, options);
  document.addEventListener('prerenderingchange', look, options);
  addEventListener('blur', look, options);
  addEventListener('focus', look, options);
  addEventListener('pagehide', () => (leaving = true), options);
  addEventListener('pageshow', () => (leaving = false), options);
  addEventListener('beforeprint', () => opens('print'), options);
  addEventListener('afterprint', () => closes('print'), options);
  let full = document.fullscreenElement;
  document.addEventListener(
    'fullscreenchange',
    () => {
      const before = full;
      full = document.fullscreenElement;
      if (!full && !isPlayer(before)) exit.exited(attention.absence, performance.now());
    },
    options,
  );
  look();
  const timer = setInterval(tick, LOOK_MS);

  return {
    tick,
    state() {
      const state = attention.state;
      // Unknown inside a page of another origin.
      return state.visible && hasFocus() === undefined ? { visible: true, focused: null } : state;
    },
    stop() {
      exit.flush();
      clearInterval(timer);
      added.disconnect();
      restorePickers();
      stop.abort();
    },
  };
}
