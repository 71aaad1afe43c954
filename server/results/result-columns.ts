import type { AttendeeRow } from '../../db/attendance.ts';
import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import { appliedDetection } from '../../protocol/applied-detection.ts';
import { INCIDENTS, SIGNALS } from '../../protocol/event-types.ts';
import type { Result } from '../../protocol/http/results.ts';
import { wallOf } from '../../protocol/zoned-time.ts';
import { type FileCell, type FileColumn, tableOf, TIME_WIDTH } from './file-cells.ts';

type Column = FileColumn<Result>;

/** `NO_FACE`: No face. */
const words = (type: string) => (type[0] ?? '') + type.slice(1).toLowerCase().replaceAll('_', ' ');

const time = (at: string | null | undefined) => (at ? new Date(at) : null);

const countOf = ({ incidents }: Result, type: string) => incidents.find((one) => one.type === type)?.count ?? 0;
const secondsOf = ({ incidents }: Result, type: string) => incidents.find((one) => one.type === type)?.seconds ?? 0;

const signals = SIGNALS.filter((type) => type !== 'RETURNED_TO_EXAM');
/** Types with columns of their own, so that the columns of all exams are the same. */
const NAMED: ReadonlySet<string> = new Set([...INCIDENTS, ...signals]);

const others = ({ incidents }: Result) =>
  incidents.flatMap(({ type, count }) => (NAMED.has(type) ? [] : [`${type}: ${count}`])).join('; ');

/** Pure: accommodations in words. The note for proctors stays on the server: files are passed on. */
function accommodationWords(given: SessionAccommodations | null): string {
  if (!given) return '';
  const { extraMinutes, profile } = given;
  const { gazeOff, turnsOff, holds, weights } = appliedDetection(given);
  return [
    ...(profile ? [`${profile.name} (version ${profile.version})`] : []),
    ...(extraMinutes > 0 ? [`${extraMinutes} extra minutes`] : []),
    ...(profile && profile.breakMinutes > 0 ? [`${profile.breakMinutes} minutes of breaks`] : []),
    ...(profile?.headCovering ? ['head covering'] : []),
    ...(gazeOff ? ['gaze off'] : []),
    ...(turnsOff ? ['no head turns'] : []),
    ...(holds.length > 0 ? ['longer holds'] : []),
    ...(weights.length > 0 ? ['other weights'] : []),
  ].join('; ');
}

/** Time by the clock of a zone, author and reason. */
const actWords = ({ at, by, reason }: Result['terminations'][number], zone: string, more: readonly string[] = []) => {
  const clock = new Date(wallOf(Date.parse(at), zone)).toISOString().slice(0, 16).replace('T', ' ');
  return `${[clock, by?.name || by?.email || 'deleted account', ...more].join(', ')}${reason && `: ${reason}`}`;
};

const readmissionWords = (one: Result['readmissions'][number], zone: string) =>
  actWords(one, zone, [
    one.kind === 'continue' ? 'continues the attempt' : 'a new attempt',
    ...(one.extraMinutes > 0 ? [`${one.extraMinutes} extra minutes`] : []),
  ]);

const checkInWords = (one: NonNullable<Result['checkIn']>, zone: string) =>
  actWords(one, zone, [
    ...(one.shown.length > 0 ? [`shown: ${one.shown.join(', ')}`] : []),
    ...(one.missing.length > 0 ? [`missing: ${one.missing.join(', ')}`] : []),
  ]);

const VERDICTS = { no_concern: 'No concern', concern: 'Concern', violation: 'Violation' } as const;

const ATTENTION = { calm: 'Calm', watch: 'Watch', high: 'High' } as const;

/** Of a session that nothing was seen of, that. */
const attentionIn = (seen: boolean, level: string) => (seen ? level : 'Nothing seen');

const COLUMNS: readonly Column[] = [
  { name: 'Student', width: 28, of: (row) => row.studentName },
  { name: 'Email', width: 32, of: (row) => row.studentEmail },
  { name: 'Student number', of: (row) => row.studentNumber },
  { name: 'External id', of: (row) => row.externalId },
  { name: 'Attempt', of: (row) => row.attempt },
  { name: 'Room', of: (row) => row.room },
  { name: 'Seat', of: (row) => row.seat },
  { name: 'Start', width: TIME_WIDTH, of: (row) => time(row.startedAt) },
  { name: 'End', width: TIME_WIDTH, of: (row) => time(row.endedAt) },
  { name: 'Deadline', width: TIME_WIDTH, of: (row) => time(row.deadline) },
  { name: 'Time zone', of: (_row, zone) => zone },
  { name: 'Extra minutes', of: (row) => row.extraMinutes },
  { name: 'Status', of: (row) => words(row.status) },
  { name: 'End reason', of: (row) => row.endReason && words(row.endReason) },
  { name: 'Level', of: (row) => row.riskLevel },
  { name: 'Score', of: (row) => row.riskScore },
  { name: 'Level after review', of: (row) => row.reviewedLevel },
  { name: 'Score after review', of: (row) => row.reviewedScore },
  // As the API names them.
  { name: 'Attention level', of: ({ seen, attention }) => attentionIn(seen, ATTENTION[attention.level]) },
  { name: 'Attention value', of: ({ seen, attention }) => (seen ? attention.value : null) },
  {
    name: 'Reviewed attention level',
    of: ({ seen, reviewedAttention }) => attentionIn(seen, ATTENTION[reviewedAttention.level]),
  },
  { name: 'Reviewed attention value', of: ({ seen, reviewedAttention }) => (seen ? reviewedAttention.value : null) },
  { name: 'Gaps', of: ({ gaps }) => gaps.count },
  { name: 'Gaps, seconds', of: ({ gaps }) => gaps.seconds },
  ...INCIDENTS.flatMap((type) => [
    { name: words(type), of: (row: Result) => countOf(row, type) },
    { name: `${words(type)}, seconds`, of: (row: Result) => secondsOf(row, type) },
  ]),
  ...signals.map((type) => ({ name: words(type), of: (row: Result) => countOf(row, type) })),
  { name: 'Other incidents', width: 30, of: others },
  {
    name: 'Dismissed by review',
    of: ({ incidents }) => incidents.reduce((sum, { dismissed }) => sum + dismissed, 0),
  },
  { name: 'Verdict', of: ({ verdict }) => verdict && VERDICTS[verdict.verdict] },
  { name: 'Verdict by', of: ({ verdict }) => verdict && verdict.by.name },
  { name: 'Verdict at', width: TIME_WIDTH, of: ({ verdict }) => time(verdict?.at) },
  { name: 'Verdict reason', width: 40, of: ({ verdict }) => verdict && verdict.reason },
  { name: 'Terminations', width: 40, of: (row, zone) => row.terminations.map((one) => actWords(one, zone)).join('; ') },
  {
    name: 'Readmissions',
    width: 40,
    of: (row, zone) => row.readmissions.map((one) => readmissionWords(one, zone)).join('; '),
  },
  { name: 'Check-in', width: 40, of: ({ checkIn }, zone) => (checkIn ? checkInWords(checkIn, zone) : '') },
  { name: 'Accommodations', width: 40, of: (row) => accommodationWords(row.accommodations) },
  { name: 'Session id', width: 38, of: (row) => row.sessionId },
];

export const RESULT_TABLE = tableOf('Results', COLUMNS);

/** Of an enrolled student without a session. */
const MISSING: Readonly<Record<string, (row: AttendeeRow, zone: string) => FileCell>> = {
  Student: (row) => row.student_name,
  Email: (row) => row.student_email,
  'Student number': (row) => row.student_number,
  'External id': (row) => row.external_id,
  Room: (row) => row.room,
  Seat: (row) => row.seat,
  'Time zone': (_row, zone) => zone,
  'Extra minutes': (row) => row.extra_minutes,
  Status: () => 'did not sit',
};

export const missingCells = (row: AttendeeRow, zone: string): FileCell[] =>
  COLUMNS.map(({ name }) => MISSING[name]?.(row, zone) ?? null);

export const resultCells = (result: Result, zone: string): FileCell[] => COLUMNS.map(({ of }) => of(result, zone));
