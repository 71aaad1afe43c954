import { encodeFrame } from '../../../protocol/frame.ts';
import { hostileJson, hostileMultiparts } from './hostile-values.ts';

/** Messages sent at once on an open socket. */
export interface Burst {
  readonly input: string;
  readonly messages: readonly (string | Uint8Array)[];
}

const TEXT = 16 * 1024;
const ID = '01a20128-b3ea-75c2-965a-5ede413d3d6b';
const AT = '2026-01-01T00:00:00.000Z';

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

/**
 * Each value by itself and in each field of a message; once, and repeated up to the amount that a socket may send at
 * once.
 */
function inFields(type: string, fields: Readonly<Record<string, unknown>>): Burst[] {
  const bursts: Burst[] = [];
  for (const field of Object.keys(fields)) {
    const others = Object.entries(fields)
      .filter(([name]) => name !== field)
      .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join('');
    for (const [kind, value] of Object.entries(hostileJson(TEXT - 400))) {
      const message = `{${type === '' ? '' : `"type":"${type}",`}${JSON.stringify(field)}:${value}${others}}`;
      bursts.push({
        input: `${type} ${field}: ${kind}`,
        messages: times(field === 'data' || field === 'from' ? 50 : 1, () => message),
      });
    }
  }
  return bursts;
}

const nonsense = (): Burst[] => [
  ...Object.entries(hostileJson(TEXT)).map(([input, message]) => ({ input, messages: [message] })),
  { input: 'a text of a megabyte', messages: ['['.repeat(1024 * 1024)] },
  { input: 'empty texts', messages: times(2000, () => '') },
];

function frames(): Burst[] {
  const pictures = Object.entries(hostileMultiparts(256 * 1024)).filter(([input]) => input.startsWith('a picture'));
  return [
    ...pictures.map(([input, { body }]) => {
      const jpeg = body.subarray(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--x'));
      return { input: `frames: ${input}`, messages: times(6, (n) => encodeFrame({ seq: n + 1, capturedAt: 0 }, jpeg)) };
    }),
    {
      input: 'frames of no bytes',
      messages: times(1000, (n) => encodeFrame({ seq: n + 1, capturedAt: 0 }, new Uint8Array())),
    },
    { input: 'frame headers of another version', messages: times(1000, () => new Uint8Array(16).fill(9)) },
  ];
}

const signal = (seq: number, data?: unknown) =>
  JSON.stringify({ type: 'signal', seq, signal: 'COPY', at: AT, ...(data === undefined ? {} : { data }) });

export const examBursts = (): Burst[] => [
  ...nonsense(),
  ...inFields('signal', { seq: 1, signal: 'COPY', at: AT, data: {} }),
  ...inFields('hello', { resume: {} }),
  ...inFields('reauth', { ticket: 'a' }),
  ...inFields('finish', { more: 0 }),
  { input: 'signals as many as the window has', messages: times(64, (n) => signal(n + 1)) },
  {
    input: 'signals of 2 KB as many as the window has',
    messages: times(64, (n) => signal(n + 1, { text: 'x'.repeat(1900) })),
  },
  {
    input: 'signals of many values',
    messages: times(64, (n) => signal(n + 1, Object.fromEntries(times(200, (k) => [k.toString(36), 0])))),
  },
  { input: 'signals that were acknowledged, again and again', messages: times(1000, (n) => signal(1 + (n % 64))) },
  {
    input: 'reserved signals',
    messages: times(900, () => JSON.stringify({ type: 'signal', seq: 1, signal: 'NO_FACE', at: AT })),
  },
  { input: 'bad tickets', messages: times(900, () => '{"type":"reauth","ticket":"a"}') },
  ...frames(),
];

export const consoleBursts = (): Burst[] => [
  ...nonsense(),
  ...inFields('subscribe', { exam: ID, session: ID, from: {} }),
  ...inFields('watch', { session: ID, fps: 1 }),
  ...inFields('unwatch', { session: ID }),
  ...inFields('command', { session: ID, do: 'message', text: 'a' }),
  ...inFields('reauth', { ticket: 'a' }),
  { input: 'subscriptions', messages: times(250, () => '{"type":"subscribe"}') },
  {
    input: 'subscriptions from many offsets',
    messages: times(40, () =>
      JSON.stringify({
        type: 'subscribe',
        from: Object.fromEntries(times(300, (n) => [ID.slice(0, -3) + n.toString(16).padStart(3, '0'), 1])),
      }),
    ),
  },
  { input: 'watches of nobody', messages: times(250, () => JSON.stringify({ type: 'watch', session: ID, fps: 1 })) },
  {
    input: 'commands to nobody',
    messages: times(250, () => JSON.stringify({ type: 'command', session: ID, do: 'message', text: 'x'.repeat(1900) })),
  },
  { input: 'unwatches', messages: times(1000, () => JSON.stringify({ type: 'unwatch', session: ID })) },
  { input: 'bytes', messages: times(1000, () => new Uint8Array(1)) },
];
