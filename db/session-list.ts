import type { Executor } from './executor.ts';
import { newestFirst, type Stretch } from './newest-first.ts';
import { newestVerdict } from './newest-verdict.ts';
import { peopleLike } from './people-like.ts';
import { highestFirst, inRange, type RankColumn, type RankedPlace, type RankedRange } from './ranked-place.ts';
import { isSampled, reviewedBy, reviewerOf, type ReviewWorkRow } from './review-work.ts';
import type { VerdictsTable } from './schema/verdicts.ts';
import { among, isOfRunning, matching, type SessionFilter } from './session-filter.ts';
import { type SessionSource, sourcesOf } from './session-sources.ts';
import type { NamedSessionRow } from './sessions.ts';

export type ListedSessionRow = NamedSessionRow &
  ReviewWorkRow & { exam_title: string; verdict: VerdictsTable['verdict'] | null };

/** People whose sessions are looked at together: of more, a walk through all sessions soon finds enough. */
const MOST_PEOPLE = 500;

/** Candidates per statement: few at first, since they often fill a page. */
const FEWEST = 100;
const MOST = 2000;

/** Newest first. */
export async function listSessions(
  ex: Executor,
  { cursor, limit, ...filter }: SessionFilter & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<ListedSessionRow[]> {
  return rowsOf(ex, await newestIds(ex, filter, { cursor, limit }));
}

async function newestIds(
  ex: Executor,
  filter: SessionFilter,
  page: { readonly cursor: string | undefined; readonly limit: number },
): Promise<string[]> {
  const query = matching(ex, filter).orderBy('sessions.id', 'desc');
  const read = async ({ below, downTo, limit }: Stretch): Promise<string[]> => {
    let stretch = query.limit(limit);
    if (below !== undefined) stretch = stretch.where('sessions.id', '<', below);
    if (downTo !== undefined) stretch = stretch.where('sessions.id', '>=', downTo);
    return idsOf(stretch);
  };
  const { exam, student, session } = filter;
  // Sessions of a student and running ones are few.
  if (student !== undefined || session !== undefined || isOfRunning(filter))
    return read({ below: page.cursor, downTo: undefined, limit: page.limit });
  if (exam === undefined) {
    const people = await peopleOf(ex, filter);
    if (people)
      return idsOf(
        (page.cursor === undefined ? query : query.where('sessions.id', '<', page.cursor))
          .where(among('sessions.student_id', people))
          .limit(page.limit),
      );
    const sources = sourcesOf(filter);
    const last = sources.pop();
    const few = await firstFew(ex, sources, page.cursor);
    if (few) return newestAmong(ex, few, page.limit);
    if (last) return newestOf(ex, last, page);
  }
  return newestFirst(page, (below, places) => sessionBelow(ex, exam, below, places), read);
}

/** Of the sessions of a source, some at a time, those that match the whole filter. */
async function newestOf(
  ex: Executor,
  source: SessionSource,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<string[]> {
  const found: string[] = [];
  for (let below = cursor, some = FEWEST; ; some = Math.min(MOST, some * 4)) {
    const ids = await source.ids(ex, { below, limit: some });
    found.push(...(await newestAmong(ex, { ids, rest: source.rest }, limit - found.length)));
    if (found.length >= limit || ids.length < some) return found;
    below = ids.at(-1)!;
  }
}

interface Candidates {
  readonly ids: readonly string[];
  readonly rest: SessionFilter;
}

const newestAmong = async (ex: Executor, { ids, rest }: Candidates, limit: number): Promise<string[]> =>
  ids.length === 0
    ? []
    : idsOf(matching(ex, rest).where(among('sessions.id', ids)).orderBy('sessions.id', 'desc').limit(limit));

/** Highest value of the column first, then newest. By attention: only of ended sessions. */
export async function listRankedSessions(
  ex: Executor,
  by: RankColumn,
  { after, limit, ...filter }: SessionFilter & { readonly after: RankedPlace | undefined; readonly limit: number },
): Promise<ListedSessionRow[]> {
  const some = by === 'attention' ? { ...filter, over: true } : filter;
  return rowsOf(ex, await rankedIds(ex, by, some, { after, limit }));
}

async function rankedIds(
  ex: Executor,
  by: RankColumn,
  filter: SessionFilter,
  { after, limit }: { readonly after: RankedPlace | undefined; readonly limit: number },
): Promise<string[]> {
  const ranked = (some: SessionFilter) =>
    matching(ex, some).orderBy(`sessions.${by}`, 'desc').orderBy('sessions.id', 'desc');
  const query = ranked(filter);
  const read = ({ limit: some, ...range }: RankedRange & { readonly limit: number }) =>
    idsOf(query.where(inRange(by, range)).limit(some));
  const sorted = (column: string, { ids, rest }: Candidates) =>
    idsOf(
      ranked(rest)
        .where(among(column, ids))
        .where(inRange(by, { after, upTo: undefined }))
        .limit(limit),
    );
  // Those of a student or an exam, and running ones, are few enough to be sorted.
  if (filter.student !== undefined || filter.exam !== undefined || isOfRunning(filter))
    return read({ after, upTo: undefined, limit });
  const people = await peopleOf(ex, filter);
  if (people) return sorted('sessions.student_id', { ids: people, rest: filter });
  const few = await firstFew(ex, sourcesOf(filter), undefined);
  if (few) return few.ids.length === 0 ? [] : sorted('sessions.id', few);
  return highestFirst(ex, { by, after, limit, lookedAt: MOST }, read);
}

/** The first source that has few, with all of them; undefined: none has. */
async function firstFew(
  ex: Executor,
  sources: readonly SessionSource[],
  below: string | undefined,
): Promise<Candidates | undefined> {
  for (const source of sources) {
    const ids = await source.ids(ex, { below, limit: MOST + 1 });
    if (ids.length <= MOST) return { ids, rest: source.rest };
  }
  return undefined;
}

/** Whole rows of the sessions, in the order of the ids. One that was deleted since is left out. */
export async function rowsOf(ex: Executor, ids: readonly string[]): Promise<ListedSessionRow[]> {
  if (ids.length === 0) return [];
  const rows = await ex
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .innerJoin('exams', 'exams.id', 'sessions.exam_id')
    .selectAll('sessions')
    .select(['users.name as student_name', 'users.email as student_email', 'exams.title as exam_title'])
    .select(newestVerdict.as('verdict'))
    .select([isSampled.as('sampled'), reviewedBy.as('reviewed_by'), reviewerOf.as('reviewer')])
    .where(among('sessions.id', ids))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const peopleOf = async (ex: Executor, { person }: SessionFilter): Promise<string[] | undefined> =>
  person === undefined ? undefined : peopleLike(ex, person, MOST_PEOPLE);

const idsOf = async (query: { execute(): Promise<readonly { id: string }[]> }): Promise<string[]> =>
  (await query.execute()).map(({ id }) => id);

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
