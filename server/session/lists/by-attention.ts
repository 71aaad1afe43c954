import type { Executor } from '../../../db/executor.ts';
import type { RankedPlace } from '../../../db/ranked-place.ts';
import { listRankedSessions, listSessions, type ListedSessionRow, rowsOf } from '../../../db/session-list.ts';
import { isOfRunning, type SessionFilter } from '../../../db/session-filter.ts';
import { listSuspicious, type SuspiciousRow, suspiciousRows } from '../../../db/suspicious.ts';
import type { Level } from '../../../protocol/event-types.ts';
import type { SessionRow } from '../../../db/sessions.ts';
import type { SESSION_ORDERS } from '../../../protocol/http/session-list.ts';
import { attentionView, NO_ATTENTION } from '../rules/attention.ts';
import { ranked, type RunningSession, runningSessions } from './running.ts';

/**
 * Lists that depend on attention, as it is at one time: of running sessions it follows from that time, and is computed
 * here; of ended ones it is stored, and ordered by an index (decision 0159).
 */
export interface AttentionPage {
  /** Of `newest`, the id alone counts. */
  readonly after: RankedPlace | undefined;
  readonly limit: number;
  /** Of all pages of a list the time of the first, server ms. */
  readonly at: number;
}

export interface RankedRows<Row> {
  readonly rows: Row[];
  /** Place of the last of a full page; undefined: there are no more. */
  readonly next: RankedPlace | undefined;
}

export type SessionOrder = (typeof SESSION_ORDERS)[number];

/** Sessions of a filter, of which attention is the order or a part. */
export async function listByAttention(
  ex: Executor,
  order: SessionOrder,
  filter: SessionFilter,
  page: AttentionPage,
): Promise<RankedRows<ListedSessionRow>> {
  const { after, limit, at } = page;
  const valueOf = (session: RunningSession) =>
    order === 'newest' ? 0 : order === 'attention' ? session.attention.value : session.reviewedScore;
  // By id alone: all have the value 0.
  const place = after && order === 'newest' ? { ...after, value: 0 } : after;
  const running =
    filter.status === 'ended' ? [] : ranked(await runningSessions(ex, filter, at), valueOf, { after: place, limit });
  const ended = { ...filter, over: true, limit };
  const over = isOfRunning(filter)
    ? []
    : order === 'newest'
      ? await listSessions(ex, { ...ended, cursor: after?.id })
      : await listRankedSessions(ex, order === 'attention' ? 'attention' : 'reviewed_score', { ...ended, after });
  const storedValueOf = (row: ListedSessionRow) =>
    order === 'newest' ? 0 : order === 'attention' ? row.attention : row.reviewed_score;
  const { ids, next } = merged(
    [
      ...running.map((one) => [one.id, valueOf(one)] as const),
      ...over.map((row) => [row.id, storedValueOf(row)] as const),
    ],
    limit,
  );
  const chosen = new Set(ids);
  const here = running.map(({ id }) => id).filter((id) => chosen.has(id));
  const rows = new Map([...over, ...(await rowsOf(ex, here))].map((row) => [row.id, row]));
  const listed = ids.flatMap((id) => rows.get(id) ?? []);
  return { rows: order === 'attention' ? asShown(listed, at) : listed, next };
}

/** Sessions that deserve a look, by attention; see `listSuspicious`. */
export async function listSuspects(
  ex: Executor,
  { level, ...filter }: Pick<SessionFilter, 'exam' | 'seenBy'> & { readonly level: Level | undefined },
  page: AttentionPage,
): Promise<RankedRows<SuspiciousRow>> {
  const { after, limit, at } = page;
  const running = (await runningSessions(ex, filter, at)).filter((session) => isSuspect(session, level));
  const first = ranked(running, ({ attention }) => attention.value, { after, limit });
  const over = await listSuspicious(ex, { exam: filter.exam, seenBy: filter.seenBy, level, after, limit });
  const { ids, next } = merged(
    [
      ...first.map(({ id, attention }) => [id, attention.value] as const),
      ...over.map((row) => [row.id, row.attention] as const),
    ],
    limit,
  );
  const chosen = new Set(ids);
  const here = first.map(({ id }) => id).filter((id) => chosen.has(id));
  const rows = new Map([...over, ...(await suspiciousRows(ex, here))].map((row) => [row.id, row]));
  return {
    rows: asShown(
      ids.flatMap((id) => rows.get(id) ?? []),
      at,
    ),
    next,
  };
}

/** As `db/suspicious.ts` says of ended ones. */
function isSuspect({ attention, reviewedScore, levels }: RunningSession, level: Level | undefined): boolean {
  if (level === undefined) return attention.level !== 'calm' || reviewedScore >= levels.medium;
  return level === 'Low' || reviewedScore >= (level === 'High' ? levels.high : levels.medium);
}

/** Pure: the first ids of both kinds. One that ended while they were read is in both: once is enough. */
function merged(places: readonly (readonly [id: string, value: number])[], limit: number) {
  const all = [...new Map(places).entries()].map(([id, value]) => ({ id, value }));
  const first = ranked(all, ({ value }) => value, { after: undefined, limit });
  return { ids: first.map(({ id }) => id), next: first.length === limit ? first.at(-1) : undefined };
}

/** Something may have happened since the order was computed: a page is in the order of what it shows. */
function asShown<Row extends Pick<SessionRow, 'id' | 'policy' | 'attention_state' | 'status'>>(
  rows: readonly Row[],
  at: number,
): Row[] {
  const valueOf = ({ policy, attention_state, status }: Row) =>
    attentionView(policy, attention_state ?? NO_ATTENTION, { ended: status === 'ended', now: at }).value;
  return ranked(rows, valueOf, { after: undefined, limit: rows.length });
}
