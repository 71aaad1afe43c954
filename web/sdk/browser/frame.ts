import { noteEvent } from './document-signals.ts';
import type { FrameMessage } from './frame-messages.ts';

/**
 * `frame.js`: for a page of another origin that an exam embeds. Tells the pages around it that something was copied,
 * cut or pasted, with the length, and that the context menu was opened; never contents. `data-parent` names the only
 * origin that is told.
 */
const target = (document.currentScript as HTMLScriptElement | null)?.dataset['parent'] ?? '*';

function tell(message: Omit<FrameMessage, 'source'>): void {
  const all: FrameMessage = { source: 'invigil-frame', ...message };
  for (let win: Window = window; win !== win.parent;) {
    win = win.parent;
    win.postMessage(all, target);
  }
}

for (const name of ['copy', 'cut', 'paste', 'contextmenu'])
  document.addEventListener(
    name,
    (event) =>
      noteEvent(event, document, (signal, length) =>
        tell({ signal: signal as FrameMessage['signal'], ...(length !== undefined && { length }) }),
      ),
    true,
  );
