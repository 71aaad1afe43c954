import { useEffect, useRef } from 'preact/hooks';
import type { Prefs } from './prefs.ts';
import { actionOf, type TriageAction } from './triage.ts';

/** Single keys act, unless they are switched off, somebody writes, or a dialog is open. */
export function useTriageKeys({ keysOn, keys }: Prefs, act: (action: TriageAction) => void): void {
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
