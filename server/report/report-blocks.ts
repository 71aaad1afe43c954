import type { EventRow } from '../../db/events.ts';
import type { Attention } from '../../protocol/attention.ts';
import type { ReviewRow } from '../../db/reviews.ts';
import type { Block, ReportPages } from './blocks.ts';
import type { ReportData, ReportPictures } from './read-report.ts';
import { isOfConversation } from '../session/record/conversation.ts';
import { isFlag } from '../session/rules/flag-event.ts';
import { accommodationFacts } from './accommodation-facts.ts';
import { checkInLines } from './check-in-lines.ts';
import { conversationLines } from './conversation-lines.ts';
import { eventName } from './event-name.ts';
import { releaseLines, VERDICTS } from './release-lines.ts';
import { zonedTimes } from './zoned-times.ts';

/** Words of reports; the pages have theirs in web/shared/messages. */
const SOURCES = { client: "student's browser", vision: 'camera analysis', connection: 'server', proctor: 'staff' };
const DECISIONS = { confirmed: 'Confirmed', dismissed: 'Dismissed', reopened: 'Reopened' };
const ENDS = {
  finished: 'finished by the student',
  ended: 'ended',
  terminated: 'ended by staff',
  expired: 'time expired',
};
const ATTENTION = { calm: 'calm', watch: 'watch', high: 'high' };
const READMITTED = { continue: 'continues the attempt', new: 'a new attempt' };
const KINDS: Readonly<Record<string, string>> = {
  opened: 'At the start',
  strongest: 'At its clearest',
  closed: 'At the end',
  snapshot: 'Kept by a person',
};

const figure = (value: number) => String(Math.round(value * 100) / 100);

function lasted(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const words = [`${parts[0]} h`, `${parts[1]} min`, `${parts[2]} s`];
  return words.filter((_, i) => parts[i]! > 0).join(' ') || '0 s';
}

/** Text of staff or about an act, if it has any. */
function saidIn(event: EventRow, moment: (at: Date) => string): string[] {
  const { details } = event;
  const { text, reason, minutes, pausedMs, deadline, label, note } = details as Readonly<Record<string, unknown>>;
  return [
    ...(isFlag(event) && typeof label === 'string' ? [`Flag: ${label}`] : []),
    ...(isFlag(event) && typeof note === 'string' ? [`Note: ${note}`] : []),
    ...(typeof text === 'string' ? [`Message: ${text}`] : []),
    ...(typeof reason === 'string' ? [`Reason: ${reason}`] : []),
    ...(typeof minutes === 'number' ? [`Minutes: ${minutes}`] : []),
    ...(typeof pausedMs === 'number' ? [`Paused for ${lasted(pausedMs)}`] : []),
    ...(typeof deadline === 'string' ? [`New end: ${moment(new Date(deadline))}`] : []),
  ];
}

/** Pure: the whole report. @param at when it was read @param missing pictures that are not included, and why */
export function reportPages(
  data: ReportData,
  pictures: ReportPictures,
  { at, missing }: { readonly at: Date; readonly missing: string | undefined },
): ReportPages {
  const { session, student, exam, events, reviews, verdicts, audit, attention, analysis } = data;
  const { moment, zone } = zonedTimes(exam.time_zone);
  const nameOf = (id: unknown) => data.staff.find((one) => one.id === id)?.name ?? 'staff';
  const reviewsOf = (event: string) => reviews.filter(({ event_id }) => event_id === event);
  const decided = events.filter(({ review }) => review !== null).length;
  const analysed = analysis.reduce((sum, { analysed: count }) => sum + count, 0);
  const received = analysis.reduce((sum, { received: count }) => sum + count, 0);
  const reviewLine = ({ decision, by_name, created_at, reason }: ReviewRow) =>
    `${DECISIONS[decision]} by ${by_name}, ${moment(created_at)}: ${reason}`;
  const incident = (event: EventRow): Block => ({
    kind: 'incident',
    title: eventName(event),
    lines: [
      [
        moment(event.started_at),
        ...(event.ended_at === null ? ['ongoing'] : event.duration_ms ? [lasted(event.duration_ms)] : []),
        `source: ${SOURCES[event.source]}`,
        `weight ${figure(event.weight)}`,
        event.source === 'proctor' ? `by ${nameOf((event.details as { by?: unknown }).by)}` : '',
        event.source === 'proctor' && !isFlag(event)
          ? ''
          : event.review === null
            ? 'not reviewed'
            : DECISIONS[event.review].toLowerCase(),
      ]
        .filter((part) => part !== '')
        .join(' · '),
      ...saidIn(event, moment),
      ...reviewsOf(event.id).map(reviewLine),
    ],
    pictures: (pictures.get(event.id) ?? []).map(({ row, jpeg }) => ({
      jpeg,
      caption: `${KINDS[row.kind] ?? 'Picture'}, ${moment(row.at)}`,
    })),
  });
  const isSeen = session.client_origin !== null || session.last_frame_at !== null || attention.all.value > 0;
  const attentionIn = ({ value, level }: Attention) =>
    isSeen ? `${figure(value)} (${ATTENTION[level]})` : 'none: nothing came from the exam page';
  const heading = (text: string): Block => ({ kind: 'heading', text });
  const text = (line: string): Block => ({ kind: 'text', text: line });
  const weighed = events.filter(({ weight, source }) => weight > 0 || source === 'vision');
  const talk = events.filter(isOfConversation);
  const others = events.filter((event) => !weighed.includes(event) && !talk.includes(event));
  const facts: [string, string][] = [
    ['Student', student.name],
    ['Email', student.email],
    ...(student.student_number ? [['Student number', student.student_number] as [string, string]] : []),
    ...(session.room === null ? [] : [['Room', session.room] as [string, string]]),
    ...(data.seat === null ? [] : [['Seat', data.seat] as [string, string]]),
    ['Attempt', String(session.attempt)],
    ['Session', session.id],
    ['Started', moment(session.started_at)],
    [
      'Ended',
      session.ended_at ? `${moment(session.ended_at)} (${ENDS[session.end_reason ?? 'ended']})` : 'in progress',
    ],
    ['Times in', zone],
    ['Policy', `version ${session.policy_version}`],
    ['Events', `${events.length}, of which ${decided} ${decided === 1 ? 'is' : 'are'} confirmed or dismissed`],
  ];
  const blocks: Block[] = [
    { kind: 'title', text: `Report: ${exam.title}` },
    { kind: 'facts', rows: facts },
    heading('Scores'),
    {
      kind: 'facts',
      rows: [
        ['Risk score, all events', `${figure(session.risk_score)} (${session.risk_level})`],
        [
          'Score after review: without dismissed, with flags',
          `${figure(session.reviewed_score)} (${data.reviewedLevel})`,
        ],
        ['Attention, all events', attentionIn(attention.all)],
        ['Attention, without dismissed', attentionIn(attention.reviewed)],
      ],
    },
    { kind: 'note', text: 'A score sets review priority and is not a decision. Only the decisions of people count.' },
    heading('Verdict'),
    ...(verdicts.length === 0 ? [text('No verdict yet.')] : []),
    ...verdicts.map(({ verdict, by_name, created_at, reason }, i) =>
      text(`${VERDICTS[verdict]}, by ${by_name}, ${moment(created_at)}: ${reason}${i > 0 ? ' (replaced)' : ''}`),
    ),
    ...(data.checkIn ? [heading('Check-in'), ...checkInLines(data.checkIn, moment).map(text)] : []),
    ...(data.releases.length > 0
      ? [heading('Release and appeal'), ...releaseLines(data.releases, moment).map(text)]
      : []),
    ...(session.accommodations
      ? [heading('Accommodations'), ...accommodationFacts(session.accommodations).map(text)]
      : []),
    ...(data.readmissions.length > 0
      ? [
          heading('Readmissions'),
          ...data.readmissions.map(({ by_name, created_at, reason, kind, extra_minutes }) =>
            text(
              `Readmitted by ${by_name}, ${moment(created_at)}, ${READMITTED[kind]}${extra_minutes > 0 ? `, ${extra_minutes} extra minutes` : ''}: ${reason}`,
            ),
          ),
        ]
      : []),
    ...(talk.length > 0
      ? [heading('Messages'), ...conversationLines(talk, data.staff, student.name, moment).map(text)]
      : []),
    heading('Image analysis'),
    text(`${received} images received and ${analysed} analysed, in ${analysis.length} minutes.`),
    heading('Incidents'),
    ...(weighed.length === 0 ? [text('No events recorded.')] : []),
    ...(missing === undefined ? [] : [{ kind: 'note', text: missing } as const]),
    ...weighed.map(incident),
    ...(others.length > 0 ? [heading('Other events'), ...others.map(incident)] : []),
    heading('Audit log'),
    text(
      audit.entries === 0
        ? 'No entries for this session.'
        : `${audit.entries} entries when this report was read; ${audit.covered} of them are in the checkpoint below, ${audit.entries - audit.covered} follow within seconds. Views of the pictures and this export are recorded after them.`,
    ),
    ...(audit.head === null ? [] : [{ kind: 'code', text: `Hash of the newest entry: ${audit.head}` } as const]),
    ...(audit.checkpoint ? [{ kind: 'code', text: `${audit.checkpoint.note}\n${audit.checkpoint.key}` } as const] : []),
  ];
  return { blocks, foot: `${exam.title} · session ${session.id} · read ${moment(at)}` };
}
