import fc from 'fast-check';
import { encodeFrame } from '../../../protocol/frame.ts';

/** Outgoing message: text or bytes. */
export type Wire = string | Uint8Array;

/** Response specified by the protocol. */
export interface Answer {
  readonly code: string;
  /** Close code; absent if the socket stays open. */
  readonly close?: number;
}

/** A message that is invalid in any state. */
export interface Wrong extends Answer {
  readonly wire: Wire;
}

const AT = '2026-01-01T10:00:00.000Z';
const STREAM = '01a20128-b3ea-75c2-965a-5ede413d3d6b';
const BAD = { code: 'bad_message', close: 4400 } as const;

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
const bad = (wire: fc.Arbitrary<Wire>): fc.Arbitrary<Wrong> => wire.map((text) => ({ ...BAD, wire: text }));
const json = (values: readonly unknown[]): fc.Arbitrary<string> =>
  fc.constantFrom(...values).map((value) => JSON.stringify(value));

/** Never valid messages: not objects with a known `type`. */
const garbage = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.json({ maxDepth: 6 }),
  fc.constantFrom(
    '',
    ' ',
    'null',
    '1e999',
    '{',
    '[[[[',
    '{"type":',
    '{"type":"hello"',
    '{"type":"hello"}}',
    "{'type':'hello'}",
    '\ufeff{"type":"hello"}',
    '{"type":"hello\\u0000"}',
    '{"type":"\\ud800"}',
    '{"__proto__":{"type":"hello"}}',
  ),
  fc.integer({ min: 1, max: 400 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.integer({ min: 16 * 1024 + 1, max: 20_000 }).map((length) => `"${'x'.repeat(length)}"`),
);

const signalOf = (changed: object) => ({ type: 'signal', seq: 1, signal: 'TAB_SWITCH', at: AT, ...changed });
const NEARLY_EXAM: readonly unknown[] = [
  ...[0, -1, 1.5, 2_147_483_648, 1e308, Number.MAX_SAFE_INTEGER, '1', null, true, [1], {}].map((seq) =>
    signalOf({ seq }),
  ),
  ...['', 'a', 'A', 'tab_switch', 'TAB SWITCH', 'TAB-SWITCH', `A${'B'.repeat(64)}`, 'ТАВ', 1, null, ['TAB_SWITCH']].map(
    (signal) => signalOf({ signal }),
  ),
  ...['', 'yesterday', 0, 1_767_261_600_000, null, '2026-13-01T00:00:00Z', '2026-01-01'].map((at) => signalOf({ at })),
  ...[
    [],
    'text',
    1,
    { ['k'.repeat(65)]: 1 },
    { a: nested(17) },
    { a: '\0' },
    { 'a\0': 1 },
    { a: '\ud800' },
    { a: 'x'.repeat(16 * 1024) },
  ].map((data) => signalOf({ data })),
  signalOf({ admin: true }),
  signalOf({ sessionId: STREAM }),
  { ...signalOf({}), type: 'Signal' },
  { ...signalOf({}), type: 'signal ' },
  { ...signalOf({}), type: ['signal'] },
  { seq: 1, signal: 'TAB_SWITCH', at: AT },
  { type: 'signal', signal: 'TAB_SWITCH', at: AT },
  { type: 'signal', seq: 1, at: AT },
  { type: 'signal', seq: 1, signal: 'TAB_SWITCH' },
  { type: 'hello', resume: {} },
  { type: 'hello', resume: null },
  { type: 'hello', resume: { stream: STREAM } },
  { type: 'hello', resume: { stream: 'x', lastSeq: 1 } },
  { type: 'hello', resume: { stream: STREAM, lastSeq: -1 } },
  { type: 'hello', resume: { stream: STREAM, lastSeq: 0.5 } },
  { type: 'hello', resume: { stream: STREAM, lastSeq: 0, session: STREAM } },
  { type: 'hello', token: 'x' },
  { type: 'hello', marksMessages: 1 },
  { type: 'seen' },
  { type: 'seen', delivered: 1 },
  ...[-1, 0.5, 2_147_483_648, '1', null].map((read) => ({ type: 'seen', delivered: 1, read })),
  { type: 'seen', delivered: 1, read: 1, session: STREAM },
  { type: 'notice', text: 'from staff' },
  { type: 'finish', reason: 'done' },
  { type: 'reauth' },
  { type: 'reauth', ticket: 'x'.repeat(129) },
  { type: 'reauth', ticket: 1 },
  { type: 'welcome' },
  { type: 'ack', seq: 1 },
  { type: 'subscribe' },
  { type: 'watch', session: STREAM, fps: 1 },
  { type: 'command', session: STREAM, do: 'terminate', reason: 'because' },
];

const commandOf = (changed: object) => ({ type: 'command', session: STREAM, do: 'pause', ...changed });
const NEARLY_CONSOLE: readonly unknown[] = [
  { type: 'subscribe', exam: 'x' },
  { type: 'subscribe', exam: null },
  { type: 'subscribe', session: 1 },
  { type: 'subscribe', all: true },
  { type: 'subscribe', from: [] },
  { type: 'subscribe', from: { x: 1 } },
  { type: 'subscribe', from: { [STREAM]: -1 } },
  { type: 'subscribe', from: { [STREAM]: 1.5 } },
  { type: 'subscribe', from: { [STREAM]: 2_147_483_648 } },
  { type: 'subscribe', from: { [STREAM]: '1' } },
  { type: 'watch', session: STREAM },
  { type: 'watch', session: 'x', fps: 1 },
  ...[0, 0.05, 15.1, -1, 1e308, '1', null].map((fps) => ({ type: 'watch', session: STREAM, fps })),
  { type: 'unwatch' },
  { type: 'unwatch', session: STREAM, fps: 1 },
  ...['stop', 'Pause', '', null, 1].map((what) => commandOf({ do: what })),
  commandOf({ do: 'terminate' }),
  commandOf({ do: 'terminate', reason: ' ' }),
  commandOf({ do: 'terminate', reason: 'x'.repeat(2001) }),
  commandOf({ do: 'message' }),
  commandOf({ do: 'message', text: '' }),
  commandOf({ do: 'message', text: '\0' }),
  commandOf({ do: 'message', text: '\udc00' }),
  ...[0, -1, 601, 1.5, '5', null].map((minutes) => commandOf({ do: 'extend', minutes })),
  commandOf({ minutes: 5 }),
  { type: 'hello' },
  signalOf({}),
  { type: 'finish' },
  { type: 'reauth', ticket: null },
];

/** Invalid header, or a body far too long or missing. */
const frames: fc.Arbitrary<Wrong> = fc.oneof(
  fc.uint8Array({ maxLength: 16 }).map((wire) => ({ code: 'bad_frame_header', close: 4400, wire })),
  fc
    .record({
      at: fc.integer({ min: 0, max: 3 }),
      bit: fc.integer({ min: 0, max: 7 }),
      body: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    })
    .map(({ at, bit, body }) => {
      const wire = encodeFrame({ seq: 1, capturedAt: 0 }, body);
      wire[at]! ^= 1 << bit;
      return { code: 'bad_frame_header', close: 4400, wire };
    }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY).map((capturedAt) => ({
    code: 'bad_frame_header',
    close: 4400,
    wire: encodeFrame({ seq: 1, capturedAt }, new Uint8Array(10)),
  })),
  fc
    .integer({ min: 256 * 1024 + 1, max: 300 * 1024 })
    .map((length) => ({ code: 'frame_too_large', close: 4400, wire: new Uint8Array(length) })),
);

export const wrongOnExam: fc.Arbitrary<Wrong> = fc.oneof(
  { weight: 2, arbitrary: bad(garbage) },
  { weight: 4, arbitrary: bad(json(NEARLY_EXAM)) },
  { weight: 1, arbitrary: frames },
);

export const wrongOnConsole: fc.Arbitrary<Wrong> = fc.oneof(
  { weight: 2, arbitrary: bad(garbage) },
  { weight: 4, arbitrary: bad(json(NEARLY_CONSOLE)) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 100 })
      .map((wire) => ({ code: 'unexpected_binary', close: 4400, wire })),
  },
);

/** Text, numbers and nesting of all kinds in signal data. */
export const signalData = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ deep: nested(13) }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { n: 1e308 },
      { n: -0.1 },
      { n: Number.MAX_SAFE_INTEGER },
      { text: '﷽🏳️‍🌈\u200f\uffff' },
      { toString: 1, constructor: null },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: 'grapheme', maxLength: 100 })
      .map((text) => ({ text: text.replaceAll(/\0|\p{Surrogate}/gu, '') })),
  },
);
