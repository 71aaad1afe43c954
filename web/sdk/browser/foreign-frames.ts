import type { Report } from './report.ts';
import { FrameBudget, readFrameMessage } from './frame-messages.ts';

/** True for a window inside this one, at any depth. */
function isInside(source: MessageEventSource | null): boolean {
  let win = source as Window | null;
  // `parent` may be read across origins; that of the top window is itself.
  for (let depth = 0; win && win !== win.parent && depth < 16; depth += 1) {
    win = win.parent;
    if (win === window) return true;
  }
  return false;
}

/** Reports signals of frames that load `frame.js`. @param origins origins of frames that are believed */
export function watchForeignFrames(report: Report, origins: readonly string[], signal: AbortSignal): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins.map((each) => (URL.canParse(each) ? new URL(each).origin : each)));
  const budget = new FrameBudget();
  addEventListener(
    'message',
    ({ source, origin, data }) => {
      if (!allowed.has(origin)) return;
      const message = readFrameMessage(data);
      if (!message || !isInside(source) || !budget.take(performance.now())) return;
      const { length } = message;
      report(message.signal, { frame: origin, ...(length !== undefined && { length }) });
    },
    { signal },
  );
}
