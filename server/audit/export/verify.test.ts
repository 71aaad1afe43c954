import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encodeEntry, NO_HASH, saltedDigest } from '../../../db/audit/hash.ts';
import { formatCheckpoint } from '../../../protocol/audit/checkpoint.ts';
import { formatNote, formatVerifierKey, keyIdOf } from '../../../protocol/audit/signed-note.ts';
import { leafHash, sha256 } from '../tree/hashes.ts';
import { inclusionProof, rootAt } from '../tree/proofs.ts';
import { appendLeaves, type ReadTiles, tileKey } from '../tree/tiles.ts';
import type { ExportHeader } from './format.ts';
import { describeVerification } from './report.ts';
import { showExport } from './show.ts';
import type { ExportedEntry, ExportSource } from './source.ts';
import type { ExportVerification } from './verification.ts';
import { verifyExport } from './verify.ts';
import { writeExport } from './writer.ts';

const ORIGIN = 'invigil.example/test';
const LEAVES = 700;
const SESSIONS = 7;
/** Sizes of the signed checkpoints. */
const SIGNED = [100, 250, 256, 600, LEAVES];

const folder = mkdtempSync(join(tmpdir(), 'invigil-export-'));
let files = 0;
const newPath = () => join(folder, `file-${(files += 1)}`);

const sessionId = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;

interface Key {
  readonly text: string;
  readonly note: (checkpoint: { size: number; root: Uint8Array; origin?: string }) => Promise<string>;
}

async function newKey(): Promise<Key> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = { name: ORIGIN, publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(12) };
  return {
    text: await formatVerifierKey(key, sha256),
    note: async ({ size, root, origin = ORIGIN }) => {
      const text = formatCheckpoint({ origin, size, root });
      return formatNote({
        text,
        signatures: [
          { name: ORIGIN, keyId: await keyIdOf(key, sha256), signature: sign(null, Buffer.from(text), privateKey) },
        ],
      });
    },
  };
}

type Fields = Parameters<typeof encodeEntry>[0];

interface Logged extends ExportedEntry {
  readonly fields: Fields;
  readonly entry: Uint8Array;
}

/** A log as written by a server: interleaved chains of seven sessions. */
function newLog(): Logged[] {
  const chains = Array.from({ length: SESSIONS }, () => ({ position: 0, hash: NO_HASH }));
  return Array.from({ length: LEAVES }, (_, index) => {
    const n = index % SESSIONS;
    const chain = chains[n]!;
    const payload = {
      salt: randomBytes(32),
      bytes: Buffer.from(JSON.stringify({ n: index, text: 'x'.repeat(index % 90) })),
    };
    const logged = entryOf(
      index,
      {
        ...fieldsOf(n, index),
        position: (chain.position += 1),
        prev_hash: chain.hash,
        digest: saltedDigest('payload', payload.salt, payload.bytes),
      },
      payload,
    );
    chain.hash = logged.hash;
    return logged;
  });
}

const fieldsOf = (n: number, index: number) => ({
  id: `00000000-0000-7000-9000-${String(index).padStart(12, '0')}`,
  entity_type: 'session' as const,
  entity_id: sessionId(n),
  event_type: 'EVENTS_STORED',
  actor: null,
  at: new Date(1_767_261_600_000 + index),
});

function entryOf(index: number | null, fields: Fields, payload: ExportedEntry['payload']): Logged {
  const entry = encodeEntry(fields);
  return { index, fields, entry, hash: leafHash(entry), payload };
}

function tilesOf(entries: readonly ExportedEntry[]): ReadTiles {
  const tiles = new Map(
    appendLeaves(0, [], Buffer.concat(entries.map(({ hash }) => hash))).map((tile) => [tileKey(tile), tile]),
  );
  return async (ids) => ids.flatMap((id) => tiles.get(tileKey(id)) ?? []);
}

let log: Logged[];
let key: Key;
let notes: string[];

beforeAll(async () => {
  log = newLog();
  key = await newKey();
  notes = await notesFor(log, SIGNED);
});

/** Checkpoints of these entries, signed by the log's key. */
const notesFor = (entries: readonly ExportedEntry[], sizes: readonly number[]) =>
  Promise.all(sizes.map(async (size) => key.note({ size, root: await rootAt(size, tilesOf(entries)) })));

interface Made {
  readonly entries?: readonly ExportedEntry[];
  readonly notes?: readonly string[];
  readonly header?: Partial<ExportHeader>;
}

async function made({ entries = log, notes: signed = notes, header = {} }: Made = {}): Promise<string> {
  const path = newPath();
  const source: ExportSource = {
    header: {
      origin: ORIGIN,
      key: key.text,
      size: entries.filter(({ index }) => index !== null).length,
      kind: 'full',
      exportedAt: '2026-01-01T10:00:00.000Z',
      ...header,
    },
    async *entries() {
      for (let from = 0; from < entries.length; from += 64) yield entries.slice(from, from + 64);
    },
    async *checkpoints() {
      yield* signed;
    },
  };
  await writeExport(path, source);
  return path;
}

function outside(kept: readonly string[] = notes): string {
  const path = newPath();
  writeFileSync(path, kept.map((note) => `${note}\n`).join(''));
  return path;
}

/** Verified with a trusted key and outside checkpoints. */
const verify = async (
  file: Made | string,
  options: Parameters<typeof verifyExport>[1] = {},
): Promise<ExportVerification> =>
  verifyExport(typeof file === 'string' ? file : await made(file), {
    keys: [key.text],
    checkpoints: outside(),
    ...options,
  });

/** Replaces the entry at this leaf, with its hash everywhere; the next entry of the chain is unchanged. */
const changed = (index: number, change: Partial<Fields>): Logged =>
  entryOf(index, { ...log[index]!.fields, ...change }, log[index]!.payload);

test('an intact log is good, vouched for by key and checkpoints', async () => {
  const progress: number[] = [];
  const result = await verify({}, { onProgress: (checked) => progress.push(checked) });
  expect(result).toMatchObject({
    valid: true,
    firstBad: undefined,
    checked: LEAVES,
    erased: 0,
    pending: 0,
    inside: 5,
    outside: 5,
    vouched: LEAVES,
    vouchedBy: { key: true, outside: true },
  });
  expect(progress.at(-1)).toBe(LEAVES);
});

test('without key and outside checkpoints a log is reported as not vouched for', async () => {
  const result = await verify({}, { keys: [], checkpoints: undefined });
  expect(result).toMatchObject({ valid: true, inside: 5, vouched: 0, vouchedBy: { key: false, outside: false } });
  expect(describeVerification(result).at(-1)).toContain('NOT VOUCHED FOR');
});

test('leaves not covered by a checkpoint are reported', async () => {
  const result = await verify({ notes: notes.slice(0, 3) }, { checkpoints: undefined });
  expect(result).toMatchObject({ valid: true, vouched: 256 });
  expect(describeVerification(result)).toContain('the last 444 leaves are not covered by a checkpoint');
});

test('an erased payload leaves the log verifiable', async () => {
  expect(await verify({ entries: log.with(300, { ...log[300]!, payload: undefined }) })).toMatchObject({
    valid: true,
    erased: 1,
    checked: LEAVES,
  });
});

test('an empty log is good', async () => {
  expect(await verify({ entries: [], notes: [] }, { checkpoints: undefined })).toMatchObject({
    valid: true,
    checked: 0,
    vouched: 0,
  });
});

test('queued entries are checked in their chains and counted', async () => {
  const last = log.findLast(({ fields }) => fields.entity_id === sessionId(2))!;
  const waiting = { ...last.fields, position: last.fields.position + 1, prev_hash: last.hash };
  expect(await verify({ entries: [...log, entryOf(null, waiting, last.payload)] })).toMatchObject({
    valid: true,
    checked: LEAVES + 1,
    pending: 1,
    vouched: LEAVES,
  });
  expect(await verify({ entries: [...log, entryOf(null, { ...waiting, position: 3 }, last.payload)] })).toMatchObject({
    valid: false,
    firstBad: { what: 'entry', reason: 'position', leaf: null, entityId: sessionId(2), position: 3 },
  });
});

const BAD = 345;
const at = (reason: string, leaf = BAD) => ({
  what: 'entry',
  reason,
  leaf,
  entityType: 'session',
  entityId: log[leaf]!.fields.entity_id,
  position: log[leaf]!.fields.position,
});

test('a changed payload, salt or field is located', async () => {
  const entry = log[BAD]!;
  const { salt, bytes } = entry.payload!;
  expect(
    (
      await verify({
        entries: log.with(BAD, { ...entry, payload: { salt, bytes: Buffer.from(bytes).fill(0x20, 0, 1) } }),
      })
    ).firstBad,
  ).toEqual(at('payload'));
  expect(
    (await verify({ entries: log.with(BAD, { ...entry, payload: { salt: Buffer.from(salt).fill(0, 0, 2), bytes } }) }))
      .firstBad,
  ).toEqual(at('payload'));
  // The row's fields, but not the tree.
  for (const change of [
    { event_type: 'SESSION_STARTED' },
    { actor: sessionId(1) },
    { at: new Date(0) },
    { id: sessionId(1) },
    { digest: Buffer.alloc(32) },
    { prev_hash: Buffer.alloc(32) },
  ]) {
    const result = await verify({ entries: log.with(BAD, { ...changed(BAD, change), hash: entry.hash }) });
    expect(result).toMatchObject({ valid: false, checked: BAD, firstBad: at('hash') });
  }
  expect(
    (await verify({ entries: log.with(BAD, { ...changed(BAD, { position: 7 }), hash: entry.hash }) })).firstBad,
  ).toEqual({ ...at('hash'), position: 7 });
});

test('an entry changed together with its leaf is detected by its successor', async () => {
  const result = await verify({ entries: log.with(BAD, changed(BAD, { event_type: 'SESSION_STARTED' })) });
  expect(result.firstBad).toEqual(at('link', BAD + SESSIONS));
});

test('the last entry of a chain changed together with its leaf is detected by the next checkpoint', async () => {
  const last = LEAVES - 1;
  const result = await verify({ entries: log.with(last, changed(last, { event_type: 'SESSION_STARTED' })) });
  expect(result).toMatchObject({
    valid: false,
    firstBad: {
      what: 'checkpoint',
      kept: 'inside',
      reason: 'root',
      size: LEAVES,
      detail: 'the log was another one: of leaves 600 to 699 at least one was changed',
    },
  });
});

test('a deleted entry is located', async () => {
  const gone: ExportedEntry = { ...log[BAD]!, entry: undefined, payload: undefined };
  expect(await verify({ entries: (log as ExportedEntry[]).with(BAD, gone) })).toMatchObject({
    firstBad: { what: 'entry', reason: 'missing', leaf: BAD, entityId: null },
    checked: BAD,
  });
  // With its leaf: the number is missing in the file.
  expect((await verify({ entries: log.toSpliced(BAD, 1), header: { size: LEAVES } })).firstBad).toMatchObject({
    reason: 'missing',
    leaf: BAD,
  });
  // As if it never existed: all leaves moved up.
  expect(
    (await verify({ entries: log.toSpliced(BAD, 1).map((entry, index) => ({ ...entry, index })) })).firstBad,
  ).toEqual({ ...at('position', BAD + SESSIONS), leaf: BAD + SESSIONS - 1 });
});

test('inserted and swapped entries are detected', async () => {
  const extra = changed(BAD, { id: sessionId(9) });
  expect(
    (await verify({ entries: log.toSpliced(BAD + 1, 0, extra).map((entry, index) => ({ ...entry, index })) })).firstBad,
  ).toEqual({ ...at('position'), leaf: BAD + 1 });
  const swapped = log
    .with(BAD, { ...log[BAD + SESSIONS]!, index: BAD })
    .with(BAD + SESSIONS, { ...log[BAD]!, index: BAD + SESSIONS });
  expect((await verify({ entries: swapped })).firstBad).toEqual({
    ...at('position'),
    position: log[BAD]!.fields.position + 1,
  });
  // Of two chains: each is in order, but the tree differs.
  const others = log.with(BAD, { ...log[BAD + 1]!, index: BAD }).with(BAD + 1, { ...log[BAD]!, index: BAD + 1 });
  expect((await verify({ entries: others })).firstBad).toMatchObject({ what: 'checkpoint', reason: 'root', size: 600 });
});

/** Rewrites a chain from an entry on, with everything that follows from it. */
function restamped(from: number): Logged[] {
  const entries = [...log];
  let before = log[from]!.fields.prev_hash;
  for (let i = from; i < LEAVES; i += SESSIONS) {
    entries[i] = changed(i, { prev_hash: before, ...(i === from && { event_type: 'SESSION_STARTED' }) });
    before = entries[i]!.hash;
  }
  return entries;
}

test('a rewritten chain is detected by checkpoints, and by outside checkpoints if all others were re-signed', async () => {
  const entries = restamped(BAD);
  expect((await verify({ entries })).firstBad).toMatchObject({
    what: 'checkpoint',
    kept: 'inside',
    reason: 'root',
    size: 600,
  });
  const signedAnew = { entries, notes: await notesFor(entries, SIGNED) };
  expect((await verify(signedAnew)).firstBad).toMatchObject({
    what: 'checkpoint',
    kept: 'outside',
    reason: 'root',
    size: 600,
  });
  expect(await verify(signedAnew, { checkpoints: undefined })).toMatchObject({
    valid: true,
    vouchedBy: { outside: false },
  });
});

test('a truncated log is detected by an outside checkpoint', async () => {
  for (const cut of [1, 2, 50]) {
    const entries = log.slice(0, LEAVES - cut);
    const kept = notes.slice(0, 4);
    expect((await verify({ entries, notes: kept })).firstBad).toMatchObject({
      what: 'checkpoint',
      kept: 'outside',
      reason: 'beyond',
      size: LEAVES,
    });
    const alone = await verify({ entries, notes: kept }, { checkpoints: undefined });
    expect(alone.valid).toBe(true);
    expect(describeVerification(alone)).toContain(
      'without an outside checkpoint, removal of later entries cannot be detected',
    );
  }
  expect((await verify({ entries: log.slice(0, LEAVES - 1) }, { checkpoints: undefined })).firstBad).toMatchObject({
    kept: 'inside',
    reason: 'beyond',
    size: LEAVES,
  });
});

test('checkpoints of another log are refused', async () => {
  const other = await newKey();
  const root = await rootAt(600, tilesOf(log));
  const strange = await other.note({ size: 600, root });
  expect((await verify({ notes: notes.with(3, strange) })).firstBad).toMatchObject({
    kept: 'inside',
    reason: 'unknown_key',
    size: 600,
  });
  expect((await verify({}, { checkpoints: outside([strange]) })).firstBad).toMatchObject({
    kept: 'outside',
    reason: 'unknown_key',
    size: 600,
  });
  expect((await verify({}, { keys: [other.text] })).firstBad).toMatchObject({ reason: 'unknown_key' });
  // A log re-signed with another key.
  expect((await verify({ notes: [strange], header: { key: other.text } })).firstBad).toMatchObject({
    reason: 'unknown_key',
  });
  expect(await verify({ notes: [strange] }, { keys: [key.text, other.text] })).toMatchObject({
    valid: true,
    vouched: LEAVES,
  });
  expect((await verify({ notes: notes.with(3, notes[3]!.replace('\n600\n', '\n599\n')) })).firstBad).toMatchObject({
    reason: 'bad_signature',
    size: 599,
  });
  expect(
    (await verify({ notes: [await key.note({ size: 600, root, origin: 'other.example' })] })).firstBad,
  ).toMatchObject({ reason: 'origin' });
  expect((await verify({ notes: [notes[1]!, notes[0]!] })).firstBad).toMatchObject({ reason: 'order', size: 100 });
  expect((await verify({ notes: ['no note at all\n'] })).firstBad).toMatchObject({
    reason: 'malformed',
    kept: 'inside',
  });
  await expect(verify({}, { keys: ['no key'] })).rejects.toThrow('name+id+key');
  await expect(verify({}, { checkpoints: join(folder, 'nowhere') })).rejects.toThrow('ENOENT');
});

test('outside checkpoints may be in any order, and truncated ones are skipped', async () => {
  const path = newPath();
  writeFileSync(
    path,
    `${notes[4]}${notes[0]}\n${notes[1]!.slice(0, 60)} (cut off)\n\n${notes[2]}\n\n${notes[2]}${notes[3]!.slice(0, 40)}`,
  );
  expect(await verify({}, { checkpoints: path })).toMatchObject({
    valid: true,
    outside: 4,
    unreadable: 2,
    vouched: LEAVES,
  });
  // More than one block.
  expect(await verify({}, { checkpoints: outside(Array.from({ length: 100 }, () => notes).flat()) })).toMatchObject({
    valid: true,
    outside: 500,
    unreadable: 0,
  });
});

test('a chain evicted from the cache is looked up in the file', async () => {
  expect(await verify({}, { rememberedChains: 2 })).toMatchObject({ valid: true, checked: LEAVES });
  const result = await verify(
    { entries: log.with(BAD, changed(BAD, { event_type: 'SESSION_STARTED' })) },
    { rememberedChains: 2 },
  );
  expect(result.firstBad).toEqual(at('link', BAD + SESSIONS));
  expect(
    (
      await verify(
        { entries: log.toSpliced(BAD, 1).map((entry, index) => ({ ...entry, index })) },
        { rememberedChains: 2 },
      )
    ).firstBad,
  ).toEqual({ ...at('position', BAD + SESSIONS), leaf: BAD + SESSIONS - 1 });
});

test('a file that is not a complete export is refused', async () => {
  const path = await made();
  const whole = readFileSync(path);
  for (const [bytes, detail] of [
    [Buffer.from('{}'), 'not an audit log export'],
    [Buffer.alloc(0), 'not an audit log export'],
    [Buffer.from(whole.toString('latin1').replace('export 1', 'export 2'), 'latin1'), 'not an audit log export'],
    [whole.subarray(0, whole.length - 1), 'the end of the file is missing'],
    [whole.subarray(0, 100_000), 'the end of the file is missing'],
    [Buffer.from(whole.toString('latin1').replace('"size":700', '"size":699'), 'latin1'), 'more than 699 leaves'],
    [
      Buffer.from(whole.toString('latin1').replace('"size":700', '"size":701'), 'latin1'),
      'expected 701 leaves, found 700',
    ],
    [Buffer.from(whole.toString('latin1').replace('"kind":"full"', '"kind":"gull"'), 'latin1'), 'invalid header'],
  ] as const) {
    writeFileSync(path, bytes);
    expect((await verify(path, { checkpoints: undefined })).firstBad).toEqual({
      what: 'file',
      detail: expect.stringContaining(detail),
    });
  }
});

test('every changed byte is detected, except in hints', async () => {
  const path = await made({ entries: log.slice(0, 8), notes: await notesFor(log, [8]) });
  const whole = readFileSync(path);
  const kept = outside(await notesFor(log, [8]));
  const unnoticed: number[] = [];
  for (let i = 0; i < whole.length; i += 1 + (i % 5)) {
    const spoilt = Buffer.from(whole);
    spoilt[i]! ^= 1 << (i % 8);
    writeFileSync(path, spoilt);
    if ((await verifyExport(path, { keys: [key.text], checkpoints: kept })).valid) unnoticed.push(i);
  }
  // Offsets of previous records are unused while the chain is cached, and the time of export is not signed.
  const header = whole.indexOf('\n', 30);
  const hints = new Set<number>();
  for (let from = header + 1; whole.readUInt32BE(from) > 0; from += 4 + whole.readUInt32BE(from))
    for (let i = 5; i < 11; i++) hints.add(from + i);
  expect(unnoticed.filter((i) => !hints.has(i) && (i < 23 || i > header))).toEqual([]);
  expect(unnoticed.length).toBeGreaterThan(0);
});

async function sessionExport(
  n: number,
  alter: (entries: ExportedEntry[]) => ExportedEntry[] = (entries) => entries,
  size = LEAVES,
): Promise<Made> {
  const own = log.filter(({ fields, index }) => fields.entity_id === sessionId(n) && index! < size);
  const entries = await Promise.all(
    own.map(async (entry) => ({ ...entry, proof: await inclusionProof(entry.index!, size, tilesOf(log)) })),
  );
  return {
    entries: alter(entries),
    notes: await notesFor(log, [size]),
    header: { kind: 'session', session: sessionId(n), size },
  };
}

test('the export of one session is verified by its proofs', async () => {
  const result = await verify(await sessionExport(3));
  expect(result).toMatchObject({
    valid: true,
    checked: 100,
    inside: 1,
    outside: 1,
    notCompared: 4,
    vouched: LEAVES,
    vouchedBy: { key: true, outside: true },
  });
  expect(describeVerification(result)).toContain('does not show whether the session has later entries');
  expect(await verify(await sessionExport(3, undefined, 600))).toMatchObject({
    valid: true,
    checked: 86,
    outside: 1,
    notCompared: 4,
    vouched: 600,
  });
});

test('changes in the export of one session are detected', async () => {
  const bad = async (alter: (entries: ExportedEntry[]) => ExportedEntry[]) =>
    (await verify(await sessionExport(3, alter))).firstBad;
  expect(await bad((all) => all.with(5, { ...all[5]!, proof: all[6]!.proof! }))).toMatchObject({
    reason: 'inclusion',
    leaf: 38,
    position: 6,
  });
  expect(await bad((all) => all.with(5, { ...all[5]!, index: 39 }))).toMatchObject({
    reason: 'inclusion',
    leaf: 39,
    position: 6,
  });
  expect(await bad((all) => all.toSpliced(5, 1))).toMatchObject({ reason: 'position', position: 7 });
  expect(await bad((all) => all.with(5, { ...all[5]!, payload: all[4]!.payload }))).toMatchObject({
    reason: 'payload',
    position: 6,
  });
  expect(await bad((all) => all.with(5, { ...all[5]!, hash: all[4]!.hash }))).toMatchObject({
    reason: 'hash',
    position: 6,
  });
  expect(
    (await verify({ ...(await sessionExport(3)), header: { kind: 'session', session: sessionId(4), size: LEAVES } }))
      .firstBad,
  ).toMatchObject({ reason: 'session', entityId: sessionId(3), position: 1 });
  expect((await verify({ ...(await sessionExport(3)), notes: [] })).firstBad).toMatchObject({
    what: 'checkpoint',
    reason: 'order',
  });
  const forged = restamped(BAD).filter(({ fields }) => fields.entity_id === log[BAD]!.fields.entity_id);
  const proofs = await Promise.all(
    forged.map(async (entry) => ({ ...entry, proof: await inclusionProof(entry.index!, LEAVES, tilesOf(log)) })),
  );
  expect(
    (
      await verify({
        entries: proofs,
        notes: await notesFor(log, [LEAVES]),
        header: { kind: 'session', session: log[BAD]!.fields.entity_id, size: LEAVES },
      })
    ).firstBad,
  ).toMatchObject({ reason: 'inclusion', leaf: BAD });
});

test('show prints an export as lines of JSON', async () => {
  const lines: unknown[] = [];
  for await (const line of showExport(await made({ entries: log.with(1, { ...log[1]!, payload: undefined }) })))
    lines.push(JSON.parse(line));
  expect(lines).toHaveLength(1 + LEAVES + SIGNED.length);
  expect(lines[0]).toMatchObject({ header: { origin: ORIGIN, size: LEAVES } });
  expect(lines[1]).toMatchObject({
    leaf: 0,
    entityId: sessionId(0),
    position: 1,
    actor: null,
    payload: '{"n":0,"text":""}',
    hash: Buffer.from(log[0]!.hash).toString('base64'),
  });
  expect(lines[2]).toMatchObject({ leaf: 1, erased: true });
  expect(lines.at(-1)).toEqual({ checkpoint: notes.at(-1) });
});

test('an export creates a new file and removes it on failure', async () => {
  const path = await made();
  const source: ExportSource = {
    header: { origin: ORIGIN, key: null, size: 2, kind: 'full', exportedAt: '' },
    // oxlint-disable-next-line require-yield
    async *entries() {
      throw new Error('the database is gone');
    },
    async *checkpoints() {},
  };
  await expect(writeExport(path, source)).rejects.toThrow('EEXIST');
  const other = newPath();
  await expect(writeExport(other, source)).rejects.toThrow('the database is gone');
  expect(() => readFileSync(other)).toThrow('ENOENT');
});
