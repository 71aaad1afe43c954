import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { FolderStore } from './folder-store.ts';

let dir: string;
let root: string;
let store: FolderStore;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'invigil-evidence-'));
  root = join(dir, 'evidence');
  store = new FolderStore(root);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function listed(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys.toSorted();
}

test('an object is there for its owner only, two folders down by the end of its key, and comes back', async () => {
  const key = '0199a000-0000-7000-8000-0000000012ef';
  await store.put(key, Buffer.from('sealed'));
  expect(await store.get(key)).toEqual(Buffer.from('sealed'));
  const path = join(root, '12', 'ef', key);
  expect([statSync(path).mode & 0o777, statSync(join(root, '12')).mode & 0o777, statSync(root).mode & 0o777]).toEqual([
    0o600, 0o700, 0o700,
  ]);
  expect(readdirSync(join(root, 'unfinished'))).toEqual([]);
});

test('a missing object reads as undefined, and removing it succeeds', async () => {
  expect(await store.get(uuidv7())).toBeUndefined();
  await store.remove(uuidv7());
  expect(await listed()).toEqual([]);
});

test('every object is listed, with the time at which it was stored, until it is removed', async () => {
  const keys = [uuidv7(), uuidv7(), randomUUID()].toSorted();
  for (const key of keys) await store.put(key, Buffer.from('x'));
  expect(await listed()).toEqual(keys);
  for await (const { storedAt } of store.list()) expect(Math.abs(Date.now() - storedAt)).toBeLessThan(60_000);
  await store.remove(keys[0]!);
  expect(await listed()).toEqual(keys.slice(1));
});

test('foreign files are not listed; partial files of an ended process are removed after an hour', async () => {
  mkdirSync(join(root, 'ab', 'cd'), { recursive: true });
  mkdirSync(join(root, 'unfinished'));
  writeFileSync(join(root, 'README'), '');
  writeFileSync(join(root, 'ab', 'cd', 'note.txt'), '');
  for (const name of ['old', 'new']) writeFileSync(join(root, 'unfinished', name), 'half');
  const longAgo = (Date.now() - 2 * 3_600_000) / 1000;
  utimesSync(join(root, 'unfinished', 'old'), longAgo, longAgo);
  expect(await listed()).toEqual([]);
  expect([existsSync(join(root, 'unfinished', 'old')), existsSync(join(root, 'unfinished', 'new'))]).toEqual([
    false,
    true,
  ]);
});

test.each(['../../secret', 'a/b', '', '0199A000-0000-7000-8000-0000000012EF'])(
  'a key that is no UUID (%j) reaches no file',
  async (key) => {
    await expect(store.put(key, Buffer.from('x'))).rejects.toThrow(RangeError);
    await expect(store.get(key)).rejects.toThrow(RangeError);
    await expect(store.remove(key)).rejects.toThrow(RangeError);
  },
);

test('a folder that cannot be written to rejects, and leaves nothing behind', async () => {
  writeFileSync(root, 'a file in its place');
  await expect(store.put(uuidv7(), Buffer.from('x'))).rejects.toThrow();
});
