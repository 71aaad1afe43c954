import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConsoleMessage } from './console.ts';
import { ConsoleDown, ExamDown } from './down.ts';
import { CLOSE } from './errors.ts';
import { ExamMessage } from './exam.ts';
import { encodeFrame, encodeWatched, MAX_FRAME_BYTES } from './frame.ts';
import { HISTORY, OLDEST_SUPPORTED, PROTOCOL, TICKET_PREFIX, VERSION } from './version.ts';

/** Messages from clients as they are before parsing, messages from the server as they are after. */
const SCHEMAS = [
  [ExamMessage, 'input'],
  [ConsoleMessage, 'input'],
  [ExamDown, 'output'],
  [ConsoleDown, 'output'],
] as const;

const header = { seq: 0x01020304, capturedAt: 1_700_000_000_000.5 };
const JPEG = new Uint8Array([0xff, 0xd8]);
const SESSION = '00112233-4455-6677-8899-aabbccddeeff';
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The parts of the wire that are no JSON. */
const BINARY = {
  protocol: [PROTOCOL, TICKET_PREFIX],
  close: CLOSE,
  frame: hex(encodeFrame(header, JPEG)),
  watched: hex(encodeWatched(SESSION, header, JPEG)),
  maxFrameBytes: MAX_FRAME_BYTES,
};

/** Objects by sorted key and without descriptions: neither order nor wording is part of the wire. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, item]) => !(key === 'description' && typeof item === 'string'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)]));
}

function digestOf(
  schemas: readonly (readonly [z.ZodType, 'input' | 'output'])[],
  more: readonly unknown[] = [],
): string {
  const json = schemas.map(([schema, io]) => z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  return createHash('sha256')
    .update(JSON.stringify([...json, ...more].map(canonical)))
    .digest('hex')
    .slice(0, 16);
}

test('V1: a change of messages, close codes or the binary header needs a new version', () => {
  const digest = digestOf(SCHEMAS, [BINARY]);
  expect(
    digest,
    `The wire changed: its digest is now ${digest}, that of version ${VERSION} is ${HISTORY.at(-1)!.digest}. Add version ${VERSION + 1} ` +
      'to HISTORY in protocol/version.ts, with a note of the change. Give it another subprotocol name if a client of ' +
      `version ${OLDEST_SUPPORTED} could not continue.`,
  ).toBe(HISTORY.at(-1)!.digest);
});

test('V1: the digest depends on fields, limits, types and close codes, not on descriptions', () => {
  const base = z.object({ type: z.literal('a'), n: z.int().max(5) });
  const changed = [
    z.object({ type: z.literal('a'), n: z.int().max(6) }),
    z.object({ type: z.literal('a'), n: z.int().max(5), m: z.string().optional() }),
    z.object({ type: z.literal('b'), n: z.int().max(5) }),
  ];
  const digests = [base, ...changed].map((schema) => digestOf([[schema, 'input']], [{ over: 4410 }]));
  expect(new Set([...digests, digestOf([[base, 'input']], [{ over: 4411 }])]).size).toBe(5);
  const described = z.object({ type: z.literal('a'), n: z.int().max(5).describe('A number.') }).describe('A message.');
  expect(digestOf([[described, 'input']], [{ over: 4410 }])).toBe(digests[0]);
});

test('V1: HISTORY has one entry per version, from 1 without gaps, each with a digest of its own', () => {
  expect(HISTORY.map(({ version }) => version)).toEqual(Array.from({ length: VERSION }, (_, index) => index + 1));
  expect(new Set(HISTORY.map(({ digest }) => digest)).size).toBe(VERSION);
});

test('V2: all supported versions share the subprotocol name that the server echoes', () => {
  const supported = HISTORY.filter(({ version }) => version >= OLDEST_SUPPORTED);
  expect(supported.length).toBeGreaterThan(0);
  expect(new Set(supported.map(({ name }) => name))).toEqual(new Set([PROTOCOL]));
});
