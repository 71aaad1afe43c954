import type { Event } from '../../protocol/events.ts';

/** What was recorded with an event, as lines of a name and words. */
export interface DetailLine {
  readonly name: string;
  readonly words: string;
}

/** Fields of other events. */
const NAMES: Readonly<Record<string, string>> = {
  clientAt: "Client's clock",
  frames: 'Frames',
  minutes: 'Minutes',
  by: 'By',
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const number = (value: unknown) => (typeof value === 'number' ? String(Math.round(value * 10) / 10) : '?');

/**
 * Pure: what the models saw, how sure they were, and which they were; what a client or a proctor said. Unknown fields
 * are shown as they are.
 */
export function detailLines({ source, confidence, details }: Event): readonly DetailLine[] {
  if (source === 'client') return clientLines(details);
  const { faces, pose, luma, models, text, reason, ...rest } = details;
  const lines: DetailLine[] = [];
  const add = (name: string, words: string) => void lines.push({ name, words });
  if (typeof text === 'string') add('Message', text);
  if (typeof reason === 'string') add('Reason', reason);
  if (typeof faces === 'number') add('Faces', String(faces));
  if (isRecord(pose)) add('Head', `yaw ${number(pose['yaw'])}°, pitch ${number(pose['pitch'])}°`);
  if (isRecord(luma)) add('Brightness', `mean ${number(luma['mean'])}, deviation ${number(luma['deviation'])} of 255`);
  if (confidence !== null) add('Confidence', `${Math.round(confidence * 100)} %`);
  if (Array.isArray(models) && models.length > 0) add('Models', models.join(', '));
  for (const [name, value] of Object.entries(rest)) {
    if (value !== null && value !== undefined)
      add(NAMES[name] ?? name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return lines;
}

/**
 * A client's words, as its own: none of its fields is taken for one of the server's or of staff, whatever it is called.
 */
function clientLines({ clientAt, data, ...rest }: Event['details']): readonly DetailLine[] {
  const lines: DetailLine[] = [];
  if (typeof clientAt === 'string') lines.push({ name: NAMES['clientAt']!, words: clientAt });
  for (const [name, value] of Object.entries({ ...rest, ...(isRecord(data) ? data : {}) })) {
    if (value !== null && value !== undefined)
      lines.push({
        name: `Client says, ${name}`,
        words: `“${typeof value === 'string' ? value : JSON.stringify(value)}”`,
      });
  }
  return lines;
}
