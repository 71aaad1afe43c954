import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConsoleMessage } from './console.ts';
import { ConsoleDown, ExamDown } from './down.ts';
import { ExamMessage } from './exam.ts';
import { HISTORY, OLDEST_SUPPORTED, PROTOCOL } from './version.ts';

/** What is sent up is taken as it is before parsing, what is sent down as it is after. */
const SCHEMAS = [
  [ExamMessage, 'input'],
  [ConsoleMessage, 'input'],
  [ExamDown, 'output'],
  [ConsoleDown, 'output'],
] as const;

/** Objects by sorted key, so that neither zod's order of writing nor ours counts. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)]));
}

function digestOf(schemas: readonly (readonly [z.ZodType, 'input' | 'output'])[]): string {
  const json = schemas.map(([schema, io]) => canonical(z.toJSONSchema(schema, { io, unrepresentable: 'any' })));
  return createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 16);
}

test('the messages are those of the newest entry of HISTORY', () => {
  const digest = digestOf(SCHEMAS);
  expect(
    digest,
    `The wire format changed: its schemas now have the digest ${digest}. Add an entry to HISTORY in protocol/version.ts that says what ` +
      'changed: with a higher version and another PROTOCOL name when a client of today could not go on, with the same ones when it can.',
  ).toBe(HISTORY.at(-1)!.schemas);
});

test('a new field, another limit and another type each give another digest', () => {
  const digests = [
    z.object({ type: z.literal('a'), n: z.int().max(5) }),
    z.object({ type: z.literal('a'), n: z.int().max(6) }),
    z.object({ type: z.literal('a'), n: z.int().max(5), m: z.string().optional() }),
    z.object({ type: z.literal('b'), n: z.int().max(5) }),
  ].map((schema) => digestOf([[schema, 'input']]));
  expect(new Set(digests).size).toBe(4);
});

test('versions do not fall, and the newest is the one that is spoken', () => {
  const versions = HISTORY.map((entry) => entry.version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect(HISTORY.at(-1)!.name).toBe(PROTOCOL);
  expect(versions).toContain(OLDEST_SUPPORTED);
});
