import type { Event } from '../../protocol/events.ts';
import { eventTitle } from '../shared/event-name.ts';
import { flagNote } from '../shared/flag-note.ts';
import { requestNote } from '../shared/request-note.ts';
import { number, percent } from '../shared/messages/numbers.ts';
import { dateAndSeconds, duration } from '../shared/time-format.ts';
import { clientLines } from './client-details.ts';
import type { DetailLine } from './detail-line.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

type StaffName = Parameters<typeof personName>[0];
type Words = (value: unknown, zone: string | undefined) => string | undefined;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const tenth = (value: unknown) =>
  typeof value === 'number' ? number(Math.round(value * 10) / 10) : t.review.details.unknown;

const text: Words = (value) => (typeof value === 'string' ? value : undefined);
const quoted: Words = (value) => (typeof value === 'string' ? t.review.details.quoted(value) : undefined);
const count: Words = (value) => (typeof value === 'number' ? number(value) : undefined);
const seconds: Words = (value) => (typeof value === 'number' ? duration(value * 1000) : undefined);
const code =
  (of: (words: typeof t.review.details) => Readonly<Record<string, string>>): Words =>
  (value) =>
    typeof value === 'string' ? of(t.review.details)[value] : undefined;
const codes =
  (of: (words: typeof t.review.details) => Readonly<Record<string, string>>): Words =>
  (value) =>
    Array.isArray(value)
      ? value.map((each) => of(t.review.details)[String(each)] ?? String(each)).join(', ')
      : undefined;
/** An instant; anything else is left as it is. */
const time: Words = (value, zone) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? dateAndSeconds(value, zone) : undefined;
const flag: Words = (value) =>
  typeof value === 'boolean' ? (value ? t.review.details.yes : t.review.details.no) : undefined;
const counts: Words = (value) =>
  isRecord(value)
    ? Object.entries(value)
        .map(([type, many]) => t.review.details.counted(eventTitle({ type, source: 'client' }), tenth(many)))
        .join(', ')
    : undefined;

/** Fields of the server's events in words. */
const WORDS: Readonly<Record<string, Words>> = {
  clientAt: time,
  frames: count,
  unknownSeconds: seconds,
  clearSeconds: seconds,
  minutes: count,
  degrees: count,
  pictures: count,
  deadline: time,
  evidenceMissing: (value) =>
    Array.isArray(value)
      ? value.map((kind) => t.review.evidence[kind as keyof typeof t.review.evidence] ?? String(kind)).join(', ')
      : undefined,
  what: code(({ what }) => what),
  changed: codes(({ origins }) => origins),
  client: quoted,
  clientBefore: quoted,
  firstDeviceAgain: flag,
  gapSeconds: seconds,
  countedSeconds: seconds,
  gaps: count,
  withinSeconds: seconds,
  reported: code(({ reported }) => reported),
  focused: (value, zone) => (value === null ? t.review.details.notKnown : flag(value, zone)),
  waiting: count,
  label: quoted,
  stream: text,
  clientSeq: count,
  signal: (value) => (typeof value === 'string' ? eventTitle({ type: value, source: 'client' }) : undefined),
  count,
  refused: count,
  types: counts,
  streams: (value) => (isRecord(value) ? number(Object.keys(value).length) : undefined),
};

/**
 * Pure: analysis, confidence, models, texts and author of an event in words. Unknown fields are shown as they are.
 * @param staff names of authors
 * @param zone of the exam; default: of this machine
 */
export function detailLines(event: Event, staff: readonly StaffName[] = [], zone?: string): readonly DetailLine[] {
  const { source, confidence } = event;
  if (source === 'client') return clientLines(event.details, zone);
  const note = requestNote(event) ?? flagNote(event);
  const details = note === undefined ? event.details : withoutCodes(event.details);
  const { faces, pose, luma, faceLuma, models, text: message, reason, by, readmissionId: _id, ...rest } = details;
  const person = staff.find(({ id }) => id === by);
  const names = t.review.details;
  const lines: DetailLine[] = [];
  const add = (name: string, value: string) => void lines.push({ name, text: value });
  if (note !== undefined) add(flagNote(event) === undefined ? names.outcome : names.flag, note);
  if (typeof message === 'string') add(names.message, message);
  if (typeof reason === 'string') add(names.reason, reason);
  if (by === 'server') add(names.by, names.byServer);
  else if (typeof by === 'string')
    add(names.by, person ? personName(person) : source === 'proctor' ? t.review.unnamed : by);
  if (typeof faces === 'number') add(names.faces, number(faces));
  if (isRecord(pose)) add(names.head, names.headAngles(tenth(pose['yaw']), tenth(pose['pitch'])));
  const brightness = ({ mean, deviation }: Record<string, unknown>) =>
    names.brightnessValues(tenth(mean), tenth(deviation));
  if (isRecord(luma)) add(names.brightness, brightness(luma));
  if (isRecord(faceLuma)) add(names.faceBrightness, brightness(faceLuma));
  if (confidence !== null) add(names.confidence, percent(confidence));
  if (Array.isArray(models) && models.length > 0) add(names.models, models.join(', '));
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || (value === null && name !== 'focused')) continue;
    add(
      names.fields[name] ?? name,
      WORDS[name]?.(value, zone) ?? (typeof value === 'string' ? value : JSON.stringify(value)),
    );
  }
  return lines;
}

/** Of a request to the student: without what its note says in words. */
function withoutCodes({
  direction: _direction,
  seen: _seen,
  why: _why,
  tries: _tries,
  atRandom: _atRandom,
  seconds: _seconds,
  result: _result,
  studentReason: _studentReason,
  shownSeconds: _shownSeconds,
  outcome: _outcome,
  note: _note,
  startEvent: _startEvent,
  pictured: _pictured,
  category: _category,
  label: _label,
  ...rest
}: Event['details']): Event['details'] {
  return rest;
}
