import type { Event } from '../../protocol/events.ts';
import { requestNote } from '../shared/request-note.ts';
import { percent } from '../shared/messages/numbers.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

/** One detail of an event: name and value. */
export interface DetailLine {
  readonly name: string;
  readonly text: string;
}

const nameOf = (field: string): string => {
  const { clientAt, frames, unknownSeconds, clearSeconds, minutes, degrees, pictures } = t.review.details;
  const names = { clientAt, frames, unknownSeconds, clearSeconds, minutes, degrees, pictures };
  return new Map(Object.entries(names)).get(field) ?? field;
};
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const number = (value: unknown) =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : t.review.details.unknown;

type StaffName = Parameters<typeof personName>[0];

/**
 * Pure: analysis, confidence, models, texts and author of an event. Unknown fields are shown as they are.
 * @param staff names of authors
 */
export function detailLines(event: Event, staff: readonly StaffName[] = []): readonly DetailLine[] {
  const { source, confidence } = event;
  if (source === 'client') return clientLines(event.details);
  const note = requestNote(event);
  const details = note === undefined ? event.details : withoutCodes(event.details);
  const { faces, pose, luma, faceLuma, models, text, reason, by, readmissionId: _id, ...rest } = details;
  const person = staff.find(({ id }) => id === by);
  const names = t.review.details;
  const lines: DetailLine[] = [];
  const add = (name: string, value: string) => void lines.push({ name, text: value });
  if (note !== undefined) add(names.outcome, note);
  if (typeof text === 'string') add(names.message, text);
  if (typeof reason === 'string') add(names.reason, reason);
  if (typeof by === 'string') add(names.by, person ? personName(person) : source === 'proctor' ? t.review.unnamed : by);
  if (typeof faces === 'number') add(names.faces, String(faces));
  if (isRecord(pose)) add(names.head, names.headAngles(number(pose['yaw']), number(pose['pitch'])));
  const brightness = ({ mean, deviation }: Record<string, unknown>) =>
    names.brightnessValues(number(mean), number(deviation));
  if (isRecord(luma)) add(names.brightness, brightness(luma));
  if (isRecord(faceLuma)) add(names.faceBrightness, brightness(faceLuma));
  if (confidence !== null) add(names.confidence, percent(confidence));
  if (Array.isArray(models) && models.length > 0) add(names.models, models.join(', '));
  for (const [name, value] of Object.entries(rest)) {
    if (value !== null && value !== undefined)
      add(nameOf(name), typeof value === 'string' ? value : JSON.stringify(value));
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
  ...rest
}: Event['details']): Event['details'] {
  return rest;
}

/** Details from a client, attributed to it: none of its fields may look like one of the server or of staff. */
function clientLines({ clientAt, data, ...rest }: Event['details']): readonly DetailLine[] {
  const names = t.review.details;
  const lines: DetailLine[] = [];
  if (typeof clientAt === 'string') lines.push({ name: names.clientAt, text: clientAt });
  for (const [name, value] of Object.entries({ ...rest, ...(isRecord(data) ? data : {}) })) {
    if (value !== null && value !== undefined)
      lines.push({
        name: names.fromClient(name),
        text: names.quoted(typeof value === 'string' ? value : JSON.stringify(value)),
      });
  }
  return lines;
}
