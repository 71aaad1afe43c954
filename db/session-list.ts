import { sql } from 'kysely';
import type { EndReason } from '../protocol/down.ts';
import type { Level } from '../protocol/event-types.ts';
import type { Executor } from './executor.ts';
import { containsText } from './folded.ts';
import { newestFirst, type Stretch } from './newest-first.ts';
import { newestVerdict } from './newest-verdict.ts';
import { peopleLike } from './people-like.ts';
import type { NamedSessionRow, SessionRow } from './sessions.ts';
import { highestFirst, inRange, type RankColumn, type RankedPlace, type RankedRange } from './ranked-place.ts';
import {
  isGivenTo,
  isSampled,
  needsReview,
  reviewedBy,
  reviewerOf,
  type ReviewPerson,
  reviewState,
  type ReviewState,
} from './review-work.ts';
import type { VerdictsTable } from './schema/verdicts.ts';
import { hasIncident, sessionsWithEvent } from './sessions-with-event.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';

export type ListedSessionRow = NamedSessionRow & {
  exam_title: string;
  verdict: VerdictsTable['verdict'] | null;
  sampled: boolean;
  review_state: ReviewState;
  reviewed_by: ReviewPerson | null;
  reviewer: ReviewPerson | null;
};

export interface SessionListFilter {
  readonly exam?: string | undefined;
  readonly student?: string | undefined;
  readonly session?: string | undefined;
  /** Part of the student's name or address. */
  readonly person?: string | undefined;
  readonly status?: SessionRow['status'] | undefined;
  readonly level?: Level | undefined;
  readonly room?: string | undefined;
  readonly endReason?: EndReason | undefined;
  /** Type of an event that it has and no review has dismissed. */
  readonly incident?: string | undefined;
  /** Whether it has a verdict. */
  readonly reviewed?: boolean | undefined;
  /** Whether it ended without a verdict and is not calm, or is drawn for a look. */
  readonly needsReview?: boolean | undefined;
  readonly reviewState?: ReviewState | undefined;
  /** Person to whom it is given, or `none`. */
  readonly reviewer?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly running?: boolean | undefined;
  /** Only those that they see as staff. */
  readonly seenBy?: Viewer | undefined;
  readonly limit: number;
}

function matching(ex: Executor, filter: SessionListFilter) {
  const { exam, student, session, person, status, level, room, endReason, incident, reviewed, from, to, seenBy } =
    filter;
  let query = ex
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .innerJoin('exams', 'exams.id', 'sessions.exam_id')
    .selectAll('sessions')
    .select(['users.name as student_name', 'users.email as student_email', 'exams.title as exam_title'])
    .select(newestVerdict.as('verdict'))
    .select([
      isSampled.as('sampled'),
      reviewState.as('review_state'),
      reviewedBy.as('reviewed_by'),
      reviewerOf.as('reviewer'),
    ]);
  if (filter.needsReview !== undefined)
    query = query.where(filter.needsReview ? needsReview : sql<boolean>`NOT ${needsReview}`);
  if (filter.reviewState !== undefined) query = query.where(reviewState, '=', filter.reviewState);
  if (filter.reviewer !== undefined) query = query.where(isGivenTo(filter.reviewer));
  if (seenBy) query = query.where(sessionSeenBy(seenBy));
  if (exam !== undefined) query = query.where('sessions.exam_id', '=', exam);
  if (student !== undefined) query = query.where('sessions.student_id', '=', student);
  if (session !== undefined) query = query.where('sessions.id', '=', session);
  if (status !== undefined) query = query.where('sessions.status', '=', status);
  if (level !== undefined) query = query.where('sessions.risk_level', '=', level);
  if (room !== undefined) query = query.where('sessions.room', '=', room);
  if (endReason !== undefined) query = query.where('sessions.end_reason', '=', endReason);
  if (incident !== undefined) query = query.where(hasIncident(incident));
  if (from !== undefined) query = query.where('sessions.started_at', '>=', from);
  if (to !== undefined) query = query.where('sessions.started_at', '<', to);
  // In the words of the index of running sessions.
  if (isOfRunning(filter)) query = query.where('sessions.status', '<>', 'ended');
  if (reviewed !== undefined) {
    const judged = sql<boolean>`EXISTS (SELECT FROM verdicts WHERE verdicts.session_id = sessions.id)`;
    query = query.where(reviewed ? judged : sql<boolean>`NOT ${judged}`);
  }
  if (person !== undefined)
    query = query.where((eb) => eb.or([containsText('users.name', person), containsText('users.email', person)]));
  return query;
}

/** Whether all sessions of the list run. */
const isOfRunning = ({ running, status }: SessionListFilter): boolean =>
  running === true || status === 'active' || status === 'paused';

/** Newest first. */
export async function listSessions(
  ex: Executor,
  { cursor, ...filter }: SessionListFilter & { readonly cursor?: string | undefined },
): Promise<ListedSessionRow[]> {
  const { exam, student, session, limit } = filter;
  const query = matching(ex, filter).orderBy('sessions.id', 'desc');
  const read = ({ below, downTo, limit: some }: Stretch): Promise<ListedSessionRow[]> => {
    let stretch = query.limit(some);
    if (below !== undefined) stretch = stretch.where('sessions.id', '<', below);
    if (downTo !== undefined) stretch = stretch.where('sessions.id', '>=', downTo);
    return stretch.execute();
  };
  // Sessions of a student, running ones, and all sessions, are found by index; others are filtered from those of their
  // exam or from all.
  if (student !== undefined || session !== undefined || isOfRunning(filter))
    return read({ below: cursor, downTo: undefined, limit });
  if (filter.person !== undefined && exam === undefined) {
    const people = await peopleLike(ex, filter.person, MOST_PEOPLE);
    if (people)
      return (cursor === undefined ? query : query.where('sessions.id', '<', cursor))
        .where(among('sessions.student_id', people))
        .limit(limit)
        .execute();
  }
  if (filter.incident !== undefined && exam === undefined)
    return listWithIncident(ex, filter.incident, query, { cursor, limit });
  return newestFirst({ cursor, limit }, (below, places) => sessionBelow(ex, exam, below, places), read);
}

/** Of the sessions with the event, some at a time, those that match the rest of the filter. */
async function listWithIncident(
  ex: Executor,
  incident: string,
  query: ReturnType<typeof matching>,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<ListedSessionRow[]> {
  const found: ListedSessionRow[] = [];
  for (let below = cursor; ;) {
    const ids = await sessionsWithEvent(ex, incident, { below, limit: CANDIDATES });
    if (ids.length > 0)
      found.push(
        ...(await query
          .where(among('sessions.id', ids))
          .limit(limit - found.length)
          .execute()),
      );
    if (found.length >= limit || ids.length < CANDIDATES) return found;
    below = ids.at(-1)!;
  }
}

/** Sessions with an event that are looked at per statement. */
const CANDIDATES = 500;

/** People whose sessions are looked at together: of more, a walk through all sessions soon finds enough. */
const MOST_PEOPLE = 500;

const among = (column: string, ids: readonly string[]) =>
  sql<boolean>`${sql.ref(column)} IN (SELECT value::uuid FROM json_array_elements_text(${JSON.stringify(ids)}::json) AS value)`;

async function sessionBelow(
  ex: Executor,
  exam: string | undefined,
  below: string | undefined,
  places: number,
): Promise<string | undefined> {
  let query = ex
    .selectFrom('sessions')
    .select('id')
    .orderBy('id', 'desc')
    .offset(places - 1)
    .limit(1);
  if (exam !== undefined) query = query.where('exam_id', '=', exam);
  if (below !== undefined) query = query.where('id', '<', below);
  return (await query.executeTakeFirst())?.id;
}

/** Sessions scanned per statement. */
const LOOKED_AT = 2000;

/** Highest value of the column first, then newest. */
export async function listRankedSessions(
  ex: Executor,
  by: RankColumn,
  { after, ...filter }: SessionListFilter & { readonly after: RankedPlace | undefined },
): Promise<ListedSessionRow[]> {
  const { exam, student, limit } = filter;
  const query = matching(ex, filter).orderBy(`sessions.${by}`, 'desc').orderBy('sessions.id', 'desc');
  const read = ({ limit: some, ...range }: RankedRange & { readonly limit: number }) =>
    query.where(inRange(by, range)).limit(some).execute();
  // Those of a student or an exam are few enough to be sorted.
  if (student !== undefined || exam !== undefined) return read({ after, upTo: undefined, limit });
  if (filter.person !== undefined) {
    const people = await peopleLike(ex, filter.person, MOST_PEOPLE);
    if (people)
      return query
        .where(among('sessions.student_id', people))
        .where(inRange(by, { after, upTo: undefined }))
        .limit(limit)
        .execute();
  }
  if (filter.incident !== undefined) {
    const ids = await sessionsWithEvent(ex, filter.incident, { below: undefined, limit: LOOKED_AT + 1 });
    if (ids.length === 0) return [];
    if (ids.length <= LOOKED_AT)
      return query
        .where(among('sessions.id', ids))
        .where(inRange(by, { after, upTo: undefined }))
        .limit(limit)
        .execute();
  }
  return highestFirst(ex, { by, after, limit, lookedAt: LOOKED_AT }, read);
}
