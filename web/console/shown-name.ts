import { pseudonym } from './pseudonym.ts';
import type { Prefs } from './prefs.ts';

/** What a session is called on the screen. */
export const shownName = (
  { id, studentName }: { readonly id: string; readonly studentName: string },
  names: Prefs['names'],
): string => (names === 'hidden' ? pseudonym(id) : studentName);

/**
 * What stands beside it: a name can be somebody else's as well, an address cannot. Undefined where it is the name, or
 * names are hidden.
 */
export const shownAddress = (
  { studentName, studentEmail }: { readonly studentName: string; readonly studentEmail: string },
  names: Prefs['names'],
): string | undefined => (names === 'hidden' || studentEmail === studentName ? undefined : studentEmail);
