import type { KnownSignal } from '../../../protocol/event-types.ts';
import type { Dialog } from './attention.ts';
import type { Report } from './report.ts';

export interface DocumentHandlers {
  readonly report: Report;
  opens(dialog: Dialog): void;
  closes(dialog: Dialog): void;
}

const CLIPBOARD: Readonly<Record<string, KnownSignal>> = { copy: 'COPY', cut: 'CUT', paste: 'PASTE' };

/**
 * Length of the clipboard's change, never its contents.
 * @param doc document of the event
 */
export function lengthOf(event: ClipboardEvent, doc: Document): number {
  if (event.type === 'paste') return event.clipboardData?.getData('text').length ?? 0;
  const field = doc.activeElement as Partial<HTMLTextAreaElement> | null;
  // Not every browser counts the selection of a field as one of the document.
  const { selectionStart: from, selectionEnd: to } = field ?? {};
  if (typeof from === 'number' && typeof to === 'number' && to > from) return to - from;
  return String(doc.getSelection() ?? '').length;
}

/** Keys that move the focus into the browser's own bars. */
function barOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): Dialog | undefined {
  const name = key.toLowerCase();
  const command = ctrlKey || metaKey;
  if (name === 'f3' || (command && (name === 'f' || name === 'g'))) return 'find';
  if (name === 'f6' || (command && name === 'l') || (altKey && name === 'd')) return 'address_bar';
  return undefined;
}

/** The file input that a click opens, also by its label. */
function fileInput(event: Event): boolean {
  const [target] = event.composedPath() as Partial<HTMLInputElement>[];
  return target?.tagName === 'INPUT' && target.type === 'file';
}

/**
 * Watches documents of the page: its own, and those of its frames of the same origin. `add` may be called again for a
 * document, and has to be: `document.open()` removes its listeners. A repeated listener is not added twice.
 */
export function watchDocuments({ report, opens, closes }: DocumentHandlers, signal: AbortSignal) {
  const clipboard = (event: Event) => {
    const doc = event.currentTarget as Document;
    const type = CLIPBOARD[event.type];
    if (type) report(type, { length: lengthOf(event as ClipboardEvent, doc) });
  };
  const menu = () => report('CONTEXT_MENU');
  const keys = (event: Event) => {
    const dialog = barOf(event as KeyboardEvent);
    if (dialog) opens(dialog);
  };
  const clicked = (event: Event) => {
    if (fileInput(event)) opens('file_picker');
  };
  const chosen = (event: Event) => {
    if (fileInput(event)) closes('file_picker');
  };
  const listeners: Readonly<Record<string, (event: Event) => void>> = {
    copy: clipboard,
    cut: clipboard,
    paste: clipboard,
    contextmenu: menu,
    keydown: keys,
    click: clicked,
    change: chosen,
    cancel: chosen,
  };
  return {
    add(doc: Document): void {
      // Capturing: a page that stops these events does not hide them.
      for (const [type, listener] of Object.entries(listeners))
        doc.addEventListener(type, listener, { capture: true, signal });
    },
  };
}
