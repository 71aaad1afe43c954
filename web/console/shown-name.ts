import { pseudonym } from './pseudonym.ts';
import type { Prefs } from './prefs.ts';

/** What a session is called on the screen. */
export const shownName = ({ id, studentName }: { readonly id: string; readonly studentName: string }, names: Prefs['names']): string =>
  names === 'hidden' ? pseudonym(id) : studentName;
