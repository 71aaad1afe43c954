import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './executor.ts';
import { isRoom } from './room-named.ts';
import type { SessionFilter } from './session-filter.ts';
import { sessionsWithEvent } from './sessions-with-event.ts';

/**
 * Ids of the sessions that one part of a filter allows, newest first, read from an index of that part.
 * @param below exclusive upper bound; undefined: from the newest
 */
type Ids = (ex: Executor, page: { readonly below: string | undefined; readonly limit: number }) => Promise<string[]>;

export interface SessionSource {
  readonly ids: Ids;
  /** What the source leaves to be checked. */
  readonly rest: SessionFilter;
}

/** Sources for the parts of a filter that have an index, those that are likely to allow the fewest first. */
export function sourcesOf(filter: SessionFilter): SessionSource[] {
  const { incident, reviewer, needsReview } = filter;
  const plain = conditionsOf(filter);
  const sources: SessionSource[] = [];
  if (reviewer !== undefined && reviewer !== 'none') sources.push({ ids: givenTo(reviewer), rest: filter });
  if (needsReview === true) sources.push({ ids: toReview(plain), rest: filter });
  else if (plain.length > 0) sources.push({ ids: where(plain), rest: filter });
  if (incident !== undefined)
    sources.push({
      ids: (ex, page) => sessionsWithEvent(ex, incident, page),
      rest: { ...filter, incident: undefined },
    });
  return sources;
}

/** Those with an index for ended sessions. Given together, the database takes the index that allows the fewest. */
function conditionsOf({
  reviewState,
  reviewed,
  endReason,
  from,
  to,
  level,
  attention,
  minAttention,
  room,
}: SessionFilter): RawBuilder<boolean>[] {
  const conditions: RawBuilder<boolean>[] = [];
  if (reviewState !== undefined) conditions.push(sql`sessions.review_state = ${reviewState}`);
  if (reviewed !== undefined)
    conditions.push(reviewed ? sql`sessions.review_state = 'done'` : sql`sessions.review_state IN ('none', 'begun')`);
  if (endReason !== undefined) conditions.push(sql`sessions.end_reason = ${endReason}`);
  if (from !== undefined) conditions.push(sql`sessions.started_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`sessions.started_at < ${to}`);
  if (level !== undefined) conditions.push(sql`sessions.risk_level = ${level}`);
  if (attention !== undefined) conditions.push(sql`sessions.attention_level = ${attention}`);
  if (minAttention !== undefined) conditions.push(sql`sessions.attention >= ${minAttention}`);
  if (room !== undefined) conditions.push(isRoom('sessions.room', room));
  return conditions;
}

const all = (conditions: readonly RawBuilder<boolean>[], below: string | undefined) =>
  sql.join([...conditions, ...(below === undefined ? [] : [sql`sessions.id < ${below}::uuid`])], sql` AND `);

const read = async (ex: Executor, statement: RawBuilder<{ id: string }>): Promise<string[]> =>
  (await statement.execute(ex)).rows.map(({ id }) => id);

/** Running and ended sessions each by their own index. */
const where =
  (conditions: readonly RawBuilder<boolean>[]): Ids =>
  (ex, { below, limit }) => {
    const half = (status: RawBuilder<boolean>) =>
      sql`(SELECT id FROM sessions WHERE ${all([status, ...conditions], below)} ORDER BY id DESC LIMIT ${limit})`;
    return read(
      ex,
      sql`${half(sql`status <> 'ended'`)} UNION ALL ${half(sql`status = 'ended'`)} ORDER BY id DESC LIMIT ${limit}`,
    );
  };

const givenTo =
  (reviewer: string): Ids =>
  (ex, { below, limit }) =>
    read(
      ex,
      sql`SELECT session_id AS id FROM review_assignments WHERE reviewer_id = ${reviewer}::uuid
        AND ${below === undefined ? sql`true` : sql`session_id < ${below}::uuid`} ORDER BY session_id DESC LIMIT ${limit}`,
    );

/** Those that stand out, and those that are drawn, in the words of their indexes. */
const toReview =
  (conditions: readonly RawBuilder<boolean>[]): Ids =>
  (ex, { below, limit }) => {
    const open = (calm: RawBuilder<boolean>) =>
      all([sql`sessions.status = 'ended'`, sql`sessions.review_state <> 'done'`, calm, ...conditions], below);
    return read(
      ex,
      sql`(SELECT id FROM sessions WHERE ${open(sql`NOT sessions.calm`)} ORDER BY id DESC LIMIT ${limit})
      UNION ALL
      (SELECT sessions.id FROM exams JOIN sessions ON sessions.exam_id = exams.id
          AND sessions.review_draw < exams.review_sample_percent * 100
        WHERE exams.review_sample_percent > 0 AND ${open(sql`sessions.calm`)} ORDER BY sessions.id DESC LIMIT ${limit})
      ORDER BY id DESC LIMIT ${limit}`,
    );
  };
