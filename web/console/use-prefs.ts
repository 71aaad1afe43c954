import { useEffect, useState } from 'preact/hooks';
import { browserStorage } from '../shared/safe-storage.ts';
import { parsePrefs, type Prefs } from './prefs.ts';

const KEY = 'invigil.console';

let current: Prefs | undefined;
const listeners = new Set<(prefs: Prefs) => void>();

const readPrefs = (): Prefs => (current ??= parsePrefs(browserStorage().getItem(KEY)));

/** Stores a change in this browser and updates all parts of the page. */
export function changePrefs(change: Partial<Prefs>): void {
  current = { ...readPrefs(), ...change };
  browserStorage().setItem(KEY, JSON.stringify(current));
  for (const listener of listeners) listener(current);
}

export function usePrefs(): Prefs {
  const [prefs, setPrefs] = useState(readPrefs);
  useEffect(() => {
    listeners.add(setPrefs);
    return () => void listeners.delete(setPrefs);
  }, []);
  return prefs;
}
