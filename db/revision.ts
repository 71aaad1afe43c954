import { createHash } from 'node:crypto';
import { ProtocolError } from '../protocol/errors.ts';

/** In one order, whichever order the database or a request has. */
const ordered = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Stands for the fields that somebody edits: the same as long as all of them are. */
export const revisionOf = (fields: Readonly<Record<string, unknown>>): string =>
  createHash('sha256').update(JSON.stringify(fields, ordered)).digest('base64url').slice(0, 22);

/**
 * @param base revision that was edited
 * @throws ProtocolError `changed_meanwhile`, unless the change is there already: it was sent again after a lost response
 */
export function checkBase(base: string | undefined, before: string, after: string): void {
  if (base === undefined || base === before || before === after) return;
  throw new ProtocolError('changed_meanwhile', 'somebody has changed it meanwhile; nothing was saved');
}
