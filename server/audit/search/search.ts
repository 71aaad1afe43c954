import { z } from 'zod';
import { findNamed } from '../../../db/audit/named-objects.ts';
import { type AuditPlace, type AuditSubject, readFound, searchAudit } from '../../../db/audit/search.ts';
import type { Executor } from '../../../db/executor.ts';
import type { Viewer } from '../../../db/visibility.ts';
import { kindsOf } from '../../../protocol/audit-kinds.ts';
import { badField } from '../../../protocol/errors.ts';
import { Id } from '../../../protocol/events.ts';
import type { AuditSearchPage, AuditSearchQuery } from '../../../protocol/http/audit-search.ts';
import { TIME_BOUNDS } from '../../../protocol/http/stored-time.ts';
import { SECURITY_KINDS } from '../../../protocol/security-kinds.ts';
import { idsOf, listingOf, MOST_PAYLOAD } from './listing.ts';

type Query = z.output<typeof AuditSearchQuery>;

const Place = z.tuple([z.int().min(TIME_BOUNDS[0]).lt(TIME_BOUNDS[1]), Id]);

const encodeCursor = ({ at, id }: AuditPlace): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');

/** @throws ProtocolError `bad_request` for a cursor that this server did not issue */
function decodeCursor(cursor: string | undefined): AuditPlace | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [at, id] = Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { at: new Date(at), id };
  } catch {
    throw badField('query.cursor', 'must be the nextCursor of a page');
  }
}

const dateOf = (time: string | undefined) => (time === undefined ? undefined : new Date(time));

/** Kinds to look for. Security events are for admins, as in all lists of the log. @throws ProtocolError `bad_request` */
function kindsFor({ kind, session }: Query, { role }: Viewer): readonly string[] | undefined {
  const kinds = kind === undefined ? undefined : kindsOf(kind);
  if (kind === 'EVENTS_STORED' && session === undefined)
    throw badField('query.kind', 'entries of events are listed for one session: add `session`');
  return role === 'admin' ? kinds : kinds?.filter((each) => !Object.hasOwn(SECURITY_KINDS, each));
}

/** A page of entries, newest first, with the names of what they are about. The rights to the subject are checked before. */
export async function auditPage(db: Executor, query: Query, who: Viewer): Promise<AuditSearchPage> {
  const { person, exam, session, from, to, cursor, limit } = query;
  const kinds = kindsFor(query, who);
  const after = decodeCursor(cursor);
  if (kinds?.length === 0) return { items: [], nextCursor: null, names: [] };
  const subject: AuditSubject = { person, exam, session };
  const range = { kinds, from: dateOf(from), to: dateOf(to), after, above: undefined, limit: limit + 1, seenBy: who };
  const found = await searchAudit(db, subject, range);
  const places = found.slice(0, limit);
  const items = (await readFound(db, places, MOST_PAYLOAD)).map(listingOf);
  const named = await findNamed(db, items.flatMap(idsOf), who);
  return {
    items,
    nextCursor: found.length > limit ? encodeCursor(places.at(-1)!) : null,
    names: named.map(({ id, type, name, exam_id, exam_title, session_id, detail }) => ({
      id,
      type,
      name,
      examId: exam_id,
      examTitle: exam_title,
      sessionId: session_id,
      detail,
    })),
  };
}
