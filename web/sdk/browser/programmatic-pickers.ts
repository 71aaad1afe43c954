import type { Dialog } from './attention.ts';
import type { DocumentHandlers } from './document-signals.ts';

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Methods with which a script, the SDK's camera among them, asks the student for a permission. */
const ASKING: readonly (readonly [owner: string, ...methods: string[]])[] = [
  ['MediaDevices', 'getUserMedia', 'getDisplayMedia'],
  ['CredentialsContainer', 'get', 'create'],
  ['Clipboard', 'read', 'readText'],
];

/**
 * Notices file pickers and questions for permission that a script opens: `showOpenFilePicker` and its siblings, and `click` or `showPicker` of an
 * input that is in no document, whose events reach no listener.
 * @returns puts the methods back
 */
export function watchPickers({ opens, closes }: Pick<DocumentHandlers, 'opens' | 'closes'>): () => void {
  const restores: (() => void)[] = [];
  const wrap = (owner: object, name: string, around: (self: unknown, call: () => unknown) => unknown) => {
    const holder = owner as Record<string, Method | undefined>;
    const real = holder[name];
    if (typeof real !== 'function') return;
    const own = Object.getOwnPropertyDescriptor(owner, name);
    const wrapped: Method = function (...given) {
      return around(this, () => real.apply(this, given));
    };
    holder[name] = wrapped;
    restores.push(() => {
      // Left alone if another script has wrapped it since.
      if (holder[name] !== wrapped) return;
      if (own) Object.defineProperty(owner, name, own);
      else delete holder[name];
    });
  };
  const done = () => closes('file_picker');
  const whileAsked = (dialog: Dialog, call: () => unknown) => {
    opens(dialog);
    const answer = call();
    const ends = () => closes(dialog);
    // The answer is the page's own: it handles a refusal.
    if (answer instanceof Promise) void answer.then(ends, ends);
    return answer;
  };
  for (const name of ['click', 'showPicker'])
    wrap(HTMLInputElement.prototype, name, (self, call) => {
      const input = self as HTMLInputElement;
      if (input.type === 'file') {
        opens('file_picker');
        for (const end of ['change', 'cancel']) input.addEventListener(end, done, { once: true });
      }
      return call();
    });
  for (const name of ['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker'])
    wrap(globalThis, name, (_self, call) => whileAsked('file_picker', call));
  for (const [owner, ...methods] of ASKING) {
    const { prototype } = ((globalThis as Record<string, unknown>)[owner] ?? {}) as { prototype?: object };
    for (const name of prototype ? methods : [])
      wrap(prototype!, name, (_self, call) => whileAsked('permission', call));
  }
  return () => restores.forEach((restore) => restore());
}
