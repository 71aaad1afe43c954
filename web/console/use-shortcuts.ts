import { useEffect, useRef } from 'preact/hooks';
import type { Prefs } from './prefs.ts';
import { actionOf, type ShortcutAction } from './shortcuts.ts';

/** Single-key shortcuts; ignored while they are off, in text fields, and while a dialog is open. */
export function useShortcuts({ keysOn, keys }: Prefs, act: (action: ShortcutAction) => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!keysOn) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || isWriting(event.target) || document.querySelector('dialog[open]'))
        return;
      const action = actionOf(keys, event);
      if (!action) return;
      event.preventDefault();
      latest.current(action);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [keysOn, keys]);
}

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
