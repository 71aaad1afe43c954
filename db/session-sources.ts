import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { SessionFilter } from './session-filter.ts';
import { sessionsWithEvent } from './sessions-with-event.ts';

/**
 * Ids of the sessions that one part of a filter allows, newest first, read from an index of that part.
 * @param below exclusive upper bound; undefined: from the newest
 */
export type SessionSource = (
  ex: Executor,
  page: { readonly below: string | undefined; readonly limit: number },
) => Promise<string[]>;

/** The source for the part of a filter that is likely to allow the fewest; undefined: no part has an index. */
export function sourceOf(filter: SessionFilter): SessionSource | undefined {
  const { incident, reviewer, reviewState, endReason, level, room, reviewed, from, to } = filter;
  if (incident !== undefined) return (ex, page) => sessionsWithEvent(ex, incident, page);
  if (reviewer !== undefined && reviewer !== 'none') return givenTo(reviewer);
  if (filter.needsReview === true) return toReview;
  if (reviewState !== undefined) return where(sql`sessions.review_state = ${reviewState}`);
  if (reviewed !== undefined)
    return where(reviewed ? sql`sessions.review_state = 'done'` : sql`sessions.review_state IN ('none', 'begun')`);
  if (endReason !== undefined) return where(sql`sessions.end_reason = ${endReason}`);
  if (from !== undefined || to !== undefined) return where(startedWithin(from, to));
  if (level !== undefined) return where(sql`sessions.risk_level = ${level}`);
  return room === undefined ? undefined : where(sql`sessions.room = ${room}`);
}

const startedWithin = (from: Date | undefined, to: Date | undefined): RawBuilder<boolean> =>
  sql`${from ? sql`sessions.started_at >= ${from}` : sql`true`} AND ${to ? sql`sessions.started_at < ${to}` : sql`true`}`;

const bounded = (column: string, below: string | undefined) =>
  below === undefined ? sql`true` : sql`${sql.ref(column)} < ${below}::uuid`;

const read = async (ex: Executor, statement: RawBuilder<{ id: string }>): Promise<string[]> =>
  (await statement.execute(ex)).rows.map(({ id }) => id);

/** Running and ended sessions each by their own index. */
const where =
  (condition: RawBuilder<unknown>): SessionSource =>
  (ex, { below, limit }) => {
    const half = (status: RawBuilder<unknown>) => sql`(SELECT id FROM sessions
      WHERE ${status} AND ${condition} AND ${bounded('id', below)} ORDER BY id DESC LIMIT ${limit})`;
    return read(
      ex,
      sql`${half(sql`status <> 'ended'`)} UNION ALL ${half(sql`status = 'ended'`)} ORDER BY id DESC LIMIT ${limit}`,
    );
  };

const givenTo =
  (reviewer: string): SessionSource =>
  (ex, { below, limit }) =>
    read(
      ex,
      sql`SELECT session_id AS id FROM review_assignments
        WHERE reviewer_id = ${reviewer}::uuid AND ${bounded('session_id', below)} ORDER BY session_id DESC LIMIT ${limit}`,
    );

/** Those that stand out, and those that are drawn, in the words of their indexes. */
const toReview: SessionSource = (ex, { below, limit }) =>
  read(
    ex,
    sql`(SELECT id FROM sessions WHERE status = 'ended' AND review_state <> 'done' AND NOT calm AND ${bounded('id', below)}
        ORDER BY id DESC LIMIT ${limit})
      UNION ALL
      (SELECT sessions.id FROM exams JOIN sessions ON sessions.exam_id = exams.id
          AND sessions.review_draw < exams.review_sample_percent * 100
        WHERE exams.review_sample_percent > 0 AND sessions.status = 'ended' AND sessions.review_state <> 'done'
          AND sessions.calm AND ${bounded('sessions.id', below)}
        ORDER BY sessions.id DESC LIMIT ${limit})
      ORDER BY id DESC LIMIT ${limit}`,
  );
