import { pseudonym } from './pseudonym.ts';
import type { Prefs } from './prefs.ts';

/** Name of a session on the screen: the student's, or a pseudonym while names are hidden. */
export const shownName = (
  { id, studentName }: { readonly id: string; readonly studentName: string },
  names: Prefs['names'],
): string => (names === 'hidden' ? pseudonym(id) : studentName);

/**
 * Email address beside the name, as names need not be unique. Undefined where it is the name itself, or names are
 * hidden.
 */
export const shownAddress = (
  { studentName, studentEmail }: { readonly studentName: string; readonly studentEmail: string },
  names: Prefs['names'],
): string | undefined => (names === 'hidden' || studentEmail === studentName ? undefined : studentEmail);
