import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { GeneratedLog } from '../../simulator/fixtures/generated-log.ts';
import { writeExport } from '../../server/audit/export/writer.ts';

const ENTRY = fileURLToPath(new URL('../../dist/server/audit/cli.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'invigil-audit-cli-'));
const path = (name: string) => join(folder, name);

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** The compiled command in a process of its own, with no environment: no server and no database is there for it. */
function audit(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [ENTRY, ...args], { env: {}, maxBuffer: 2 ** 26 }, (_error, out, error) =>
      resolve({ status: child.exitCode ?? -1, out, error }),
    );
  });
}

/** Long enough for the second thread. */
const LEAVES = 16_000;
let key: string;
/** Key of a log of 10 entries, for what does not depend on the size. */
let otherKey: string;

beforeAll(async () => {
  const log = await GeneratedLog.create({ leaves: LEAVES, sessions: 300, entriesASession: 20, checkpointEvery: 1000 });
  key = log.key;
  await writeExport(path('log'), log.source());
  writeFileSync(path('key'), `${key}\n`);
  writeFileSync(path('checkpoints'), log.notes.join('\n'));
  const other = await GeneratedLog.create({ leaves: 10, sessions: 2, entriesASession: 3, checkpointEvery: 10 });
  otherKey = other.key;
  await writeExport(path('other'), other.source());
  writeFileSync(path('other-checkpoints'), other.notes.join('\n'));
});

/** The log with one byte changed. */
function spoilt(name: string, find: (bytes: Buffer) => number): string {
  const bytes = readFileSync(path('log'));
  bytes[find(bytes)]! ^= 1;
  writeFileSync(path(name), bytes);
  return path(name);
}

test('verify exits with 0 for a good log, without server and database', async () => {
  const { status, out, error } = await audit(
    'verify',
    path('log'),
    '--checkpoint',
    path('checkpoints'),
    '--key',
    path('key'),
  );
  expect({ status, error }).toEqual({ status: 0, error: '' });
  expect(out).toBe(`good: 16000 entries, 16000 in the tree
matching checkpoints: 16 in the file, 16 outside
vouched for by the key and outside checkpoints: the first 16000 of 16000 leaves
`);
  expect((await audit('verify', path('other'), '--key', otherKey)).out).toContain(
    'vouched for by the key: the first 10 of 10 leaves\nwithout an outside checkpoint',
  );
  expect((await audit('verify', path('other'))).out).toContain('NOT VOUCHED FOR');
});

test('verify reports the first bad entry and exits with 1', async () => {
  const from = (bytes: Buffer, at: number, text: string) => bytes.indexOf(text, Math.floor(bytes.length * at));
  const payload = spoilt('payload', (bytes) => from(bytes, 0.5, '"digest"') + 12);
  const named =
    /^BAD: entry at leaf (\d+), session [0-9a-f-]{36}, position (\d+): (.*)\n(\d+) entries before it are good\n$/;
  const found = await audit('verify', payload, '--key', key);
  expect(found.status).toBe(1);
  const [, leaf, position, reason, good] = named.exec(found.out)!;
  expect(reason).toBe('payload differs from what was logged');
  expect(good).toBe(leaf);
  // Which it is, by the lines for people.
  const shown = (await audit('show', payload)).out.split('\n');
  expect(JSON.parse(shown[1 + Number(leaf)]!)).toMatchObject({ leaf: Number(leaf), position: Number(position) });
  const before = (await audit('show', path('log'))).out.split('\n');
  expect(shown.findIndex((line, i) => line !== before[i])).toBe(1 + Number(leaf));
  // In the other thread.
  const field = await audit(
    'verify',
    spoilt('field', (bytes) => from(bytes, 0.3, 'EVENTS_STORED')),
    '--key',
    key,
  );
  expect(named.exec(field.out)![3]).toBe('differs from what was logged');
  // Both, the earlier one is told.
  const both = readFileSync(payload);
  both[from(both, 0.3, 'EVENTS_STORED')]! ^= 1;
  writeFileSync(path('both'), both);
  expect((await audit('verify', path('both'), '--key', key)).out).toBe(field.out);
});

test('verify exits with 1 for another key, another log and a truncated file', async () => {
  expect(await audit('verify', path('other'), '--key', key)).toMatchObject({
    status: 1,
    out: expect.stringContaining('BAD: checkpoint in the file, of 10 leaves, is not signed by a trusted key'),
  });
  expect(await audit('verify', path('log'), '--checkpoint', path('other-checkpoints'))).toMatchObject({
    status: 1,
    out: expect.stringContaining('BAD: outside checkpoint, of 10 leaves,'),
  });
  const whole = readFileSync(path('other'));
  writeFileSync(path('cut'), whole.subarray(0, whole.length / 2));
  expect(await audit('verify', path('cut'))).toMatchObject({
    status: 1,
    out: expect.stringContaining('BAD: file: the end of the file is missing'),
  });
  expect(await audit('show', path('cut'))).toMatchObject({
    status: 1,
    error: 'BAD: file: the end of the file is missing\n',
  });
});

test.each([
  [[], 'missing command'],
  [['burn', 'log'], 'unknown command burn'],
  [['verify'], 'one file'],
  [['verify', 'a', 'b'], 'one file'],
  [['verify', 'a', '--colour'], "Unknown option '--colour'"],
  [['verify', 'a', '--session', 'b'], 'does not take --session'],
  [['show', 'a', '--key', 'b'], 'does not take --checkpoint or --key'],
  [['verify', 'no such file'], 'ENOENT'],
  [['verify', 'no such file', '--key', 'no key'], 'a verifier key has the form name+id+key'],
])('arguments %j are refused with status 2', async (args, message) => {
  expect(await audit(...args)).toEqual({ status: 2, out: '', error: expect.stringContaining(message) });
});
