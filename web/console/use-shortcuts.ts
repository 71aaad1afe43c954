import { useEffect, useRef } from 'preact/hooks';
import type { Prefs } from './prefs.ts';
import { actionOf, type ShortcutAction } from './shortcuts.ts';

/**
 * Single-key shortcuts; ignored while they are off, in text fields, and while a dialog is open.
 * @param actions those of the page
 */
export function useShortcuts<Action extends ShortcutAction>(
  prefs: Prefs,
  actions: readonly Action[],
  act: (action: Action) => void,
): void {
  // Set while rendering: a key pressed right after the preferences were saved already follows them.
  const latest = useRef({ prefs, actions, act });
  latest.current = { prefs, actions, act };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { keysOn, keys } = latest.current.prefs;
      if (!keysOn || event.defaultPrevented || event.repeat) return;
      if (isWriting(event.target) || document.querySelector('dialog[open]')) return;
      const action = actionOf(latest.current.actions, keys, event);
      if (!action) return;
      event.preventDefault();
      latest.current.act(action);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** Boxes and radio buttons take no letters. */
const LETTERLESS = ['checkbox', 'radio', 'button'];

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    ['TEXTAREA', 'SELECT'].includes(target.tagName) ||
    (target instanceof HTMLInputElement && !LETTERLESS.includes(target.type)));
