import { sql } from 'kysely';
import type { AttentionLevel } from '../protocol/attention.ts';
import type { EndReason } from '../protocol/down.ts';
import type { Level } from '../protocol/event-types.ts';
import { searchWords } from '../protocol/search-text.ts';
import type { Executor } from './executor.ts';
import { containsText } from './folded.ts';
import { isGivenTo, needsReview, type ReviewState } from './review-work.ts';
import { isRoom } from './room-named.ts';
import type { SessionRow } from './sessions.ts';
import { hasIncident, hasToldEvent } from './sessions-with-event.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';

export interface SessionFilter {
  readonly exam?: string | undefined;
  readonly student?: string | undefined;
  readonly session?: string | undefined;
  /** Parts of the student's name, address or numbers. */
  readonly person?: string | undefined;
  readonly status?: SessionRow['status'] | undefined;
  readonly level?: Level | undefined;
  readonly room?: string | undefined;
  readonly endReason?: EndReason | undefined;
  /** Type of an event that it has and no review has dismissed. */
  readonly incident?: string | undefined;
  /** Whether it has a verdict. */
  readonly reviewed?: boolean | undefined;
  /** For its student: filters go by what is released to them. */
  readonly ownRelease?: boolean | undefined;
  /** Whether it ended without a verdict and is not calm, or is drawn for a look. */
  readonly needsReview?: boolean | undefined;
  readonly reviewState?: ReviewState | undefined;
  /** Person to whom it is given, or `none`. */
  readonly reviewer?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Level and lowest value of attention. What is stored of running sessions is not their present one. */
  readonly attention?: AttentionLevel | undefined;
  readonly minAttention?: number | undefined;
  /** Running ones only. */
  readonly running?: boolean | undefined;
  /** Ended ones only. */
  readonly over?: boolean | undefined;
  /** Only those that they see as staff. */
  readonly seenBy?: Viewer | undefined;
}

const hasShownVerdict = sql<boolean>`EXISTS (
  SELECT FROM verdict_states WHERE verdict_states.session_id = sessions.id AND verdict_states.shown_verdict_id IS NOT NULL)`;

/** Ids of the sessions of a filter. The statement has `exams`, too, and reads names only if the filter does. */
export function matching(ex: Executor, filter: SessionFilter) {
  const { exam, student, session, person, status, level, room, endReason, incident, reviewed, from, to, seenBy } =
    filter;
  let query = ex.selectFrom('sessions').innerJoin('exams', 'exams.id', 'sessions.exam_id').select('sessions.id');
  if (filter.needsReview !== undefined)
    query = query.where(filter.needsReview ? needsReview : sql<boolean>`NOT ${needsReview}`);
  if (filter.reviewState !== undefined) query = query.where('sessions.review_state', '=', filter.reviewState);
  if (filter.reviewer !== undefined) query = query.where(isGivenTo(filter.reviewer));
  if (seenBy) query = query.where(sessionSeenBy(seenBy));
  if (exam !== undefined) query = query.where('sessions.exam_id', '=', exam);
  if (student !== undefined) query = query.where('sessions.student_id', '=', student);
  if (session !== undefined) query = query.where('sessions.id', '=', session);
  if (status !== undefined) query = query.where('sessions.status', '=', status);
  if (level !== undefined) query = query.where('sessions.risk_level', '=', level);
  if (room !== undefined) query = query.where(isRoom('sessions.room', room));
  if (endReason !== undefined) query = query.where('sessions.end_reason', '=', endReason);
  if (incident !== undefined)
    query = query.where(
      filter.ownRelease
        ? sql<boolean>`CASE WHEN ${hasShownVerdict} THEN ${hasIncident(incident)} ELSE ${hasToldEvent(incident)} END`
        : hasIncident(incident),
    );
  if (from !== undefined) query = query.where('sessions.started_at', '>=', from);
  if (to !== undefined) query = query.where('sessions.started_at', '<', to);
  // In the words of the index of running sessions.
  if (isOfRunning(filter)) query = query.where('sessions.status', '<>', 'ended');
  if (filter.over) query = query.where('sessions.status', '=', 'ended');
  if (filter.attention !== undefined) query = query.where('sessions.attention_level', '=', filter.attention);
  if (filter.minAttention !== undefined) query = query.where('sessions.attention', '>=', filter.minAttention);
  if (reviewed !== undefined && filter.ownRelease)
    query = query.where(reviewed ? hasShownVerdict : sql<boolean>`NOT ${hasShownVerdict}`);
  else if (reviewed !== undefined) query = query.where('sessions.review_state', reviewed ? '=' : '<>', 'done');
  if (person !== undefined)
    query = query.where(
      sql<boolean>`EXISTS (SELECT FROM users WHERE users.id = sessions.student_id
        AND ${isNamed(person)})`,
    );
  return query;
}

/** As accounts are searched: each word is part of name, address or a number, case and accents aside. */
const isNamed = (text: string) => {
  const words = searchWords(text);
  // Of signs alone.
  if (words.length === 0)
    return sql<boolean>`(${containsText('users.name', text)} OR ${containsText('users.email', text)})`;
  return sql<boolean>`(${sql.join(
    words.map((word) => sql`strpos(users.search, ${word}) > 0`),
    sql` AND `,
  )})`;
};

/** Whether all sessions of the list run. */
export const isOfRunning = ({ running, status }: SessionFilter): boolean =>
  running === true || status === 'active' || status === 'paused';

/** Few ids as one parameter: statements of any number are the same text. */
export const among = (column: string, ids: readonly string[]) =>
  sql<boolean>`${sql.ref(column)} IN (SELECT value::uuid FROM json_array_elements_text(${JSON.stringify(ids)}::json) AS value)`;
