import type { ServerMetrics } from '../../simulator/server/server-metrics.ts';

const MIB = 2 ** 20;

/** One metric of the server, before and after. */
export interface ServerRow {
  readonly name: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Activity of the server between two readings of its metrics. */
export interface ServerSpan {
  /** Main process, all its threads, as a share of one core. */
  readonly cores: number | null;
  /** Mean number of inference threads analysing pictures. */
  readonly busyThreads: number | null;
  /** Memory of the main process at the end, MiB. */
  readonly memoryMiB: number | null;
  /** Frames analysed and dropped, per second. */
  readonly analysed: number;
  readonly dropped: number;
  /** Of those, frames replaced by the next one before their turn. */
  readonly replaced: number;
  /** Mean queueing time of a frame, ms. */
  readonly queueMs: number | null;
  /** Mean time of a group commit, ms. */
  readonly commitMs: number | null;
  /** At the end: changes waiting for a commit, and the load-shedding level (0 nobody, 1 frames, 2 signals too). */
  readonly waiting: number;
  readonly pressure: number;
  /** At the end: requested share of the policies' frame rates. */
  readonly rateScale: number;
}

/** @param seconds between the two readings */
export function spanOf(before: ServerMetrics, after: ServerMetrics, seconds: number): ServerSpan {
  const more = (name: string): number => after.sum(name) - before.sum(name);
  const mean = (name: string): number | null => {
    const count = more(`${name}_count`);
    return count > 0 ? (more(`${name}_sum`) / count) * 1000 : null;
  };
  const memory = after.sum('process_resident_memory_bytes');
  return {
    cores: seconds > 0 ? more('process_cpu_seconds_total') / seconds : null,
    busyThreads: seconds > 0 ? more('invigil_inference_seconds_sum') / seconds : null,
    memoryMiB: memory > 0 ? memory / MIB : null,
    analysed: seconds > 0 ? more('invigil_frames_analysed_total') / seconds : 0,
    dropped: seconds > 0 ? more('invigil_frames_dropped_total') / seconds : 0,
    replaced: seconds > 0 ? more('invigil_frames_dropped_total{reason="replaced"}') / seconds : 0,
    queueMs: mean('invigil_frame_queue_seconds'),
    commitMs: mean('invigil_commit_seconds'),
    waiting: after.sum('invigil_journal_waiting'),
    pressure: after.sum('invigil_journal_pressure'),
    rateScale: after.sum('invigil_rate_scale'),
  };
}

/** Name in the report, unit, metric, and divisor of its value. */
const ROWS: readonly (readonly [string, string, string, number?])[] = [
  ['memory, main process', 'MiB', 'process_resident_memory_bytes', MIB],
  ['processor time, main process', 's', 'process_cpu_seconds_total'],
  ['connections', 'connections', 'invigil_connections'],
  ['sockets', 'sockets', 'invigil_sockets'],
  ['sessions in memory', 'sessions', 'invigil_live_sessions'],
  ['frames received', 'frames', 'invigil_frames_received_total'],
  ['frames analysed', 'frames', 'invigil_frames_analysed_total'],
  ['frames waited for their turn, in all', 's', 'invigil_frame_queue_seconds_sum'],
  ['time of the models, all threads', 's', 'invigil_inference_seconds_sum'],
  ["share of the policies' rates asked for", 'x', 'invigil_rate_scale'],
  ['restarts of the inference host', 'restarts', 'invigil_inference_restarts_total'],
  ['group commits', 'commits', 'invigil_commits_total'],
  ['time of the group commits', 's', 'invigil_commit_seconds_sum'],
  ['event states committed', 'events', 'invigil_events_committed_total'],
  ['changes waiting for a commit', 'changes', 'invigil_journal_waiting'],
  ['who gives way to what waits (0 nobody, 1 frames, 2 signals too)', '', 'invigil_journal_pressure'],
  ['unread by clients', 'bytes', 'invigil_socket_unread_bytes'],
  ['pictures of incidents kept', 'pictures', 'invigil_evidence_kept_total'],
];

const BY_LABEL = [
  ['frames dropped', 'frames', 'invigil_frames_dropped_total'],
  ['pictures of incidents not kept', 'pictures', 'invigil_evidence_dropped_total'],
  ['one too many', 'times', 'invigil_shed_total'],
] as const;

/** Undefined if the metrics could not be read. */
export function serverRows(before: ServerMetrics | undefined, after: ServerMetrics | undefined): ServerRow[] {
  if (!before && !after) return [];
  const rows = ROWS.map(([name, unit, metric, divisor = 1]): ServerRow => ({
    name,
    unit,
    before: valueOf(before?.sum(metric), divisor),
    after: valueOf(after?.sum(metric), divisor),
  }));
  const labelled = BY_LABEL.flatMap(([name, unit, metric]) => {
    const [first, last] = [before?.byLabel(metric), after?.byLabel(metric)];
    const labels = [...new Set([...(first?.keys() ?? []), ...(last?.keys() ?? [])])].sort();
    return labels.map((label): ServerRow => ({
      name: `${name}: ${label}`,
      unit,
      before: first ? (first.get(label) ?? 0) : null,
      after: last ? (last.get(label) ?? 0) : null,
    }));
  });
  return [...rows, ...labelled];
}

const valueOf = (value: number | undefined, divisor: number): number | null =>
  value === undefined ? null : Number((value / divisor).toPrecision(6));

/** Number of times each limit of the server was reached. */
export function shedBetween(before: ServerMetrics | undefined, after: ServerMetrics | undefined): Map<string, number> {
  if (!before || !after) return new Map();
  const first = before.byLabel('invigil_shed_total');
  return new Map(
    [...after.byLabel('invigil_shed_total')].map(([limit, count]) => [limit, count - (first.get(limit) ?? 0)]),
  );
}
