import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseConsoleMessage, parseExamMessage } from './codec.ts';
import { ConsoleDown, ExamDown } from './down.ts';

/** Every message that a client of version 1 can send, with all of its fields. */
const ID = '0198f3a2-7b1c-7000-8000-000000000001';
const EXAM_UP = [
  { type: 'hello' },
  { type: 'hello', resume: { stream: ID, lastSeq: 3 } },
  { type: 'signal', seq: 1, signal: 'TAB_SWITCH', at: '2026-01-01T10:00:00Z' },
  {
    type: 'signal',
    seq: 2_147_483_647,
    signal: 'COPY',
    at: '2026-01-01T10:00:00.5+01:00',
    data: { length: [1, null] },
  },
  { type: 'finish' },
  { type: 'reauth', ticket: 'x'.repeat(128) },
];
const CONSOLE_UP = [
  { type: 'subscribe' },
  { type: 'subscribe', exam: ID, session: ID, from: { [ID]: 7 } },
  { type: 'watch', session: ID, fps: 0.1 },
  { type: 'unwatch', session: ID },
  { type: 'command', session: ID, do: 'pause', reason: 'a' },
  { type: 'command', session: ID, do: 'resume' },
  { type: 'command', session: ID, do: 'terminate', reason: 'a' },
  { type: 'command', session: ID, do: 'message', text: 'a' },
  { type: 'command', session: ID, do: 'extend', minutes: 600, reason: 'a' },
  { type: 'reauth', ticket: 'x' },
];

/** Fields that a client of version 1 relies on. */
const RISK = ['score', 'rolling', 'level'];
const EVENT =
  'id sessionId seq type source severity weight startedAt endedAt durationMs confidence details review'.split(' ');
const ANALYSIS = ['frame', 'faces', 'pose', 'gaze'];
const SESSION =
  'id examId studentId studentName status connected startedAt deadline endedAt score rolling level open lastFrameAt offset'.split(
    ' ',
  );
const within = (field: string, names: readonly string[]) => names.map((name) => `${field}.${name}`);

const EXAM_DOWN: Record<string, readonly string[]> = {
  welcome: [
    'sessionId',
    'stream',
    'lastAck',
    'paused',
    'deadline',
    'vision',
    ...within('throttle', ['fps', 'maxWidth', 'quality', 'reason']),
    ...within('risk', RISK),
    ...within('policy', ['version', 'calibrationSeconds', 'retentionDays', 'levels']),
  ],
  ack: ['seq'],
  event: within('event', EVENT),
  risk: RISK,
  analysis: ANALYSIS,
  throttle: ['fps', 'maxWidth', 'quality', 'reason'],
  notice: ['text'],
  paused: ['reason'],
  resumed: [],
  extended: ['deadline'],
  reauth: ['expiresAt'],
  ended: ['reason', ...within('risk', RISK)],
  error: ['code', 'message', 'retryable'],
};
const CONSOLE_DOWN: Record<string, readonly string[]> = {
  snapshot: within('sessions', SESSION),
  session: within('session', SESSION),
  event: ['offset', ...within('event', EVENT)],
  risk: ['session', ...RISK],
  analysis: ['session', ...ANALYSIS],
  gap: ['session'],
  reauth: ['expiresAt'],
  error: ['code', 'message', 'retryable'],
};

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly const?: string;
}

/** Required fields by message type, those of nested objects as `field.name`. */
function requiredFields(schema: z.ZodType): Map<string, ReadonlySet<string>> {
  const { oneOf = [] } = z.toJSONSchema(schema, { io: 'output' }) as { oneOf?: readonly Shape[] };
  return new Map(
    oneOf.map(({ properties = {}, required = [] }) => {
      const nested = required.flatMap((field) => {
        const inner = properties[field]?.items ?? properties[field];
        return within(field, inner?.required ?? []);
      });
      return [properties['type']?.const ?? '', new Set([...required, ...nested])];
    }),
  );
}

describe('V3: a client of version 1', () => {
  test.for(EXAM_UP)('is understood by the exam socket: %j', (message) => {
    expect(parseExamMessage(JSON.stringify(message))).toEqual(message);
  });

  test.for(CONSOLE_UP)('is understood by the console socket: %j', (message) => {
    expect(parseConsoleMessage(JSON.stringify(message))).toEqual(message);
  });

  test.for([
    ['exam client', ExamDown, EXAM_DOWN],
    ['console', ConsoleDown, CONSOLE_DOWN],
  ] as const)('finds every field that it knows: %s', ([, schema, expected]) => {
    const now = requiredFields(schema);
    for (const [type, fields] of Object.entries(expected)) {
      expect(
        fields.filter((field) => !now.get(type)?.has(field)),
        type,
      ).toEqual([]);
    }
  });
});
