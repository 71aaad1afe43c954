import type { Event } from '../../protocol/events.ts';
import { ABSENCES } from '../../protocol/event-types.ts';
import { eventTitle } from '../shared/event-name.ts';
import { number } from '../shared/messages/numbers.ts';
import { dateAndSeconds, duration } from '../shared/time-format.ts';
import type { DetailLine } from './detail-line.ts';
import { t } from './messages.ts';

const absences: ReadonlySet<unknown> = new Set(ABSENCES);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const own = (words: Readonly<Record<string, string>>, value: unknown) =>
  typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;

/** Values that the SDK sends, in words; undefined: another value, which is the client's own. */
const WORDS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  length: (value) => (isCount(value) ? t.review.details.characters(value) : undefined),
  screens: (value) => (isCount(value) ? number(value) : undefined),
  durationMs: (value) => (isCount(value) ? duration(value) : undefined),
  after: (value) =>
    absences.has(value) ? eventTitle({ type: String(value), source: 'client' }) : own(t.review.details.dialogs, value),
  fromStart: (value) => (value === true ? t.review.details.yes : undefined),
  fullscreenExit: (value) => (value === true ? t.review.details.yes : undefined),
  reason: (value) => own(t.review.details.cameraCauses, value),
  severity: (value) => (typeof value === 'number' ? number(value) : undefined),
};

/**
 * Details from a client, attributed to it: none of its fields may look like one of the server or of staff. Known ones are
 * in words, others are quoted.
 */
export function clientLines({ clientAt, data, ...rest }: Event['details'], zone?: string): readonly DetailLine[] {
  const names = t.review.details;
  const lines: DetailLine[] = [];
  if (typeof clientAt === 'string') {
    const isTime = !Number.isNaN(Date.parse(clientAt));
    lines.push({
      name: names.fields['clientAt']!,
      text: isTime ? dateAndSeconds(clientAt, zone) : names.quoted(clientAt),
    });
  }
  const fields = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {};
  for (const [name, value] of Object.entries<unknown>({ ...rest, ...fields })) {
    if (value === null || value === undefined) continue;
    const known = Object.hasOwn(WORDS, name) ? WORDS[name]!(value) : undefined;
    lines.push({
      name: names.fromClient((known !== undefined && names.clientFields[name]) || name),
      text: known ?? names.quoted(typeof value === 'string' ? value : JSON.stringify(value)),
    });
  }
  return lines;
}
