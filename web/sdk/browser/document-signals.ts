import type { KnownSignal } from '../../../protocol/event-types.ts';
import type { Dialog } from './attention.ts';
import type { Report } from './report.ts';

export interface DocumentHandlers {
  readonly report: Report;
  opens(dialog: Dialog): void;
  closes(dialog: Dialog): void;
  /** The clipboard inside the page's own fields is not reported. */
  ignoresFields(): boolean;
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

/**
 * Tells what the browser does after an event of copying, cutting, pasting or the context menu, and nothing where it does
 * nothing: a key pressed without a selection, an empty clipboard, a menu that the page replaces by its own, events of
 * scripts.
 */
export function noteEvent(event: Event, doc: Document, tell: (signal: KnownSignal, length?: number) => void): void {
  if (!event.isTrusted) return;
  // Listeners of the page come later and may refuse the event.
  const afterwards = (work: () => void) => void setTimeout(work);
  if (event.type === 'contextmenu') return afterwards(() => event.defaultPrevented || tell('CONTEXT_MENU'));
  const signal = CLIPBOARD[event.type];
  if (!signal) return;
  const clipboard = event as ClipboardEvent;
  const length = lengthOf(clipboard, doc);
  if (length > 0) return tell(signal, length);
  if (event.type === 'paste') return clipboard.clipboardData?.types.length === 0 ? undefined : tell(signal, length);
  // An editor may copy something else than the selection.
  afterwards(() => event.defaultPrevented && tell(signal, length));
}

/** Whether the event is of the clipboard inside a field of its page. */
const isInField = (event: Event) => event.type in CLIPBOARD && isEditable(event.composedPath()[0] ?? {});

const isEditable = ({ tagName, isContentEditable }: Partial<HTMLElement>) =>
  isContentEditable === true || tagName === 'INPUT' || tagName === 'TEXTAREA' || tagName === 'SELECT';

/** Keys that open dialogs of the browser or move the focus into its bars. */
function dialogOf(event: KeyboardEvent): Dialog | undefined {
  const { key, ctrlKey, metaKey, altKey } = event;
  const name = key.toLowerCase();
  const command = ctrlKey || metaKey;
  if (name === 'f3' || (command && (name === 'f' || name === 'g'))) return 'find';
  // Quick find of Firefox.
  if ((name === '/' || name === "'") && !isEditable(event.composedPath()[0] ?? {})) return 'find';
  if (name === 'f6' || (altKey && name === 'd') || (command && /^[lke]$/.test(name))) return 'address_bar';
  if (command && /^[so]$/.test(name)) return 'file_picker';
  return undefined;
}

/** Picker of the input that a click opens, also by its label. */
function pickerOf(event: Event): Dialog | undefined {
  const [target] = event.composedPath() as Partial<HTMLInputElement>[];
  if (target?.tagName !== 'INPUT') return undefined;
  return target.type === 'file' ? 'file_picker' : target.type === 'color' ? 'color_picker' : undefined;
}

/**
 * Watches documents of the page: its own, and those of its frames of the same origin. `add` may be called again for a
 * document, and has to be: `document.open()` removes its listeners. A repeated listener is not added twice.
 */
export function watchDocuments({ report, opens, closes, ignoresFields }: DocumentHandlers, signal: AbortSignal) {
  const note = (event: Event) => {
    if (ignoresFields() && isInField(event)) return;
    noteEvent(event, event.currentTarget as Document, (type, length) =>
      report(type, length === undefined ? undefined : { length }),
    );
  };
  const keys = (event: Event) => {
    const dialog = event.isTrusted ? dialogOf(event as KeyboardEvent) : undefined;
    if (dialog) opens(dialog);
  };
  const clicked = (event: Event) => {
    const dialog = pickerOf(event);
    if (dialog) opens(dialog);
  };
  const chosen = (event: Event) => {
    const dialog = pickerOf(event);
    if (dialog) closes(dialog);
  };
  const listeners: Readonly<Record<string, (event: Event) => void>> = {
    copy: note,
    cut: note,
    paste: note,
    contextmenu: note,
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
