import { sql } from 'kysely';
import type { EventRow } from './events.ts';
import type { Executor } from './executor.ts';

/** As the index `events_conversation` has it. */
const OF_CONVERSATION = sql<boolean>`type IN ('STUDENT_MESSAGE', 'HAND_RAISED', 'HAND_LOWERED', 'PROCTOR_MESSAGE')`;

/** Events of a session's conversation, in its order. Names of clients are their own: only real ones are listed. */
export async function listConversation(
  ex: Executor,
  filter: { readonly session: string; readonly afterSeq: number; readonly limit: number },
): Promise<EventRow[]> {
  return ex
    .selectFrom('events')
    .selectAll()
    .where('session_id', '=', filter.session)
    .where('seq', '>', filter.afterSeq)
    .where(OF_CONVERSATION)
    .orderBy('seq')
    .limit(filter.limit)
    .execute();
}

/** Newest messages of a session that the other side has not read, in their order. */
export async function listUnread(ex: Executor, session: string, limit: number): Promise<EventRow[]> {
  const rows = await ex
    .selectFrom('events')
    .selectAll()
    .where('session_id', '=', session)
    .where(OF_CONVERSATION)
    .where('type', 'in', ['STUDENT_MESSAGE', 'PROCTOR_MESSAGE'])
    .where(sql<boolean>`details->>'readAt' IS NULL`)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed();
}
