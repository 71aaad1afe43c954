import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendAudits } from '../../db/audit/append.ts';
import { migrate } from '../../db/migrate.ts';
import { openDatabase } from '../../db/open.ts';
import { toBase64 } from '../../protocol/audit/base64.ts';
import { entryBytes } from '../../protocol/audit/entry.ts';
import { hashLeaf, verifyConsistency } from '../../protocol/audit/merkle-proof.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type {
  AuditCheckpoint,
  AuditConsistency,
  AuditInclusion,
  AuditOfSession,
} from '../../protocol/http/audit-proofs.ts';
import { verifyExport } from '../../server/audit/export/verify.ts';
import { auditOfSession, checkpointOf, inclusionOf } from '../../server/audit/proofs.ts';
import { startAttempt } from '../support/attempt.ts';
import { AuditClock, bytesOf, isIncluded, openWith, sha256 } from '../support/audit-log.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const time = new AuditClock();
let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: time.clock, timers: time.timers } });
});
afterAll(() => site.close());

const checkpointed = () => time.checkpointed(site.admin);
const consistency = (from: number, to: number) =>
  site.admin.get<AuditConsistency>(`/api/audit/consistency?from=${from}&to=${to}`);
const inclusion = (id: string, size?: number) =>
  site.admin.get<AuditInclusion>(`/api/audit/inclusion/${id}${size === undefined ? '' : `?size=${size}`}`);
const chain = async (type: string, id: string) =>
  (await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/${type}/${id}`)).items;
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** The same bytes with one bit changed. */
function flipped(base64: string): string {
  const bytes = bytesOf(base64);
  bytes[bytes.length - 1]! ^= 1;
  return toBase64(bytes);
}

describe('checkpoints', () => {
  test('the newest is signed with the published key and agrees with the response (AH1, AT2, AT3)', async () => {
    const checkpoint = await checkpointed();
    const { origin, size, root } = await openWith(checkpoint.key, checkpoint.note);
    expect({ size, root: toBase64(root) }).toEqual({ size: checkpoint.size, root: checkpoint.root });
    expect(origin).toMatch(/^invigil-audit\/[0-9a-f]{16}$/);
    expect(await site.admin.get('/api/audit/checkpoint')).toEqual(checkpoint);
    expect(await site.admin.get('/api/blockchain/summary')).toMatchObject({
      entries: checkpoint.size,
      placed: checkpoint.size,
      checkpoint,
    });
    await expect(
      openWith(checkpoint.key, checkpoint.note.replace(`\n${size}\n`, `\n${size + 1}\n`)),
    ).rejects.toMatchObject({ fault: 'bad_signature' });
  });

  test('one of an earlier size is still available (AH1)', async () => {
    const first = await checkpointed();
    await site.student();
    const second = await checkpointed();
    // The account, and what the log says of its making and its login.
    expect(second.size).toBeGreaterThan(first.size);
    for (const size of [first.size, second.size])
      expect((await site.admin.get<AuditCheckpoint>(`/api/audit/checkpoint?size=${size}`)).size).toBe(size);
    await expect(site.admin.get('/api/audit/checkpoint?size=0')).rejects.toMatchObject({
      status: 400,
      code: 'bad_request',
    });
  });

  test('any login may read checkpoints and consistency proofs, and only staff may read entries (AH1, AH2, AH3)', async () => {
    const student = await site.student();
    const proctor = await site.proctor();
    const { size } = await checkpointed();
    const path = `/api/audit/inclusion/${(await chain('user', student.userId))[0]!.id}`;
    expect(await student.get('/api/audit/checkpoint')).toMatchObject({ size });
    expect(await student.get(`/api/audit/consistency?from=1&to=${size}`)).toMatchObject({ from: 1, to: size });
    await expect(student.get(path)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    expect(await site.admin.get(path)).toMatchObject({ checkpoint: { size } });
    // The account is not theirs to see.
    await expect(proctor.get(path)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    for (const closed of ['/api/audit/checkpoint', '/api/audit/consistency?from=1&to=1', path])
      await expect(site.api().get(closed)).rejects.toMatchObject({ status: 401 });
  });
});

describe('inclusion', () => {
  test('is proved for every entry in the newest and in earlier checkpoints, and no altered proof verifies (AH3, AE2, AE3)', async () => {
    const { exam } = await startAttempt(site);
    const earlier = await checkpointed();
    const students = await Promise.all(Array.from({ length: 20 }, () => site.student()));
    const newest = await checkpointed();
    const entries = [
      ...(await chain('exam', exam.id)),
      ...(await Promise.all(students.map(({ userId }) => chain('user', userId)))).flat(),
    ];
    expect(entries.length).toBe(21);
    const indices = new Set<number>();
    for (const { id } of entries) {
      const answer = await inclusion(id);
      expect(answer.checkpoint).toEqual(newest);
      expect(await isIncluded(answer)).toBe(true);
      indices.add(answer.index);
      // The leaf is what the entry says.
      const { entry, leaf } = answer;
      const fields = {
        ...entry,
        digest: Buffer.from(entry.digest, 'base64url'),
        prevHash: Buffer.from(entry.prevHash, 'base64url'),
      };
      expect(toBase64(entryBytes(fields))).toBe(leaf);
      expect(base64url(await hashLeaf(bytesOf(leaf), sha256))).toBe(entry.hash);
      expect(await isIncluded({ ...answer, leaf: flipped(leaf) })).toBe(false);
      expect(await isIncluded({ ...answer, index: (answer.index + 1) % newest.size })).toBe(false);
      expect(await isIncluded({ ...answer, proof: answer.proof.slice(1) })).toBe(false);
      expect(await isIncluded({ ...answer, proof: answer.proof.map(flipped) })).toBe(false);
      expect(await isIncluded({ ...answer, checkpoint: earlier })).toBe(false);
    }
    expect(indices.size).toBe(entries.length);
    const before = await inclusion(entries[0]!.id, newest.size - 1);
    expect(before.checkpoint.size).toBeLessThan(newest.size);
    expect(await isIncluded(before)).toBe(true);
  });

  test('a queued entry is distinguished from an unknown one (AH3)', async () => {
    await site.student();
    await checkpointed();
    const student = await site.student();
    const [entry] = await chain('user', student.userId);
    await expect(inclusion(entry!.id)).rejects.toMatchObject({
      status: 409,
      code: 'no_checkpoint_yet',
      retryable: true,
    });
    await expect(inclusion('01a20128-b3ea-75c2-965a-5ede413d3d6b')).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
      retryable: false,
    });
    await expect(inclusion('17')).rejects.toMatchObject({ status: 400 });
    const { size } = await checkpointed();
    expect(await isIncluded(await inclusion(entry!.id))).toBe(true);
    await expect(inclusion(entry!.id, size - 1)).rejects.toMatchObject({
      status: 400,
      code: 'bad_request',
      body: { errors: [{ field: 'query.size' }] },
    });
  });
});

describe('consistency', () => {
  test('is proved between all checkpoints, and no altered proof verifies (AH2)', async () => {
    const kept: AuditCheckpoint[] = [];
    for (let i = 0; i < 4; i++) {
      for (let n = 0; n <= i * 3; n++) await site.student();
      kept.push(await checkpointed());
    }
    for (const [i, first] of kept.entries()) {
      for (const second of kept.slice(i)) {
        const { from, to, proof } = await consistency(first.size, second.size);
        const claim = {
          from,
          to,
          proof: proof.map(bytesOf),
          fromRoot: bytesOf(first.root),
          toRoot: bytesOf(second.root),
        };
        expect(await verifyConsistency(claim, sha256)).toBe(true);
        if (first === second) continue;
        for (let at = 0; at < proof.length; at++)
          expect(
            await verifyConsistency(
              { ...claim, proof: proof.map((hash, n) => bytesOf(n === at ? flipped(hash) : hash)) },
              sha256,
            ),
          ).toBe(false);
        expect(await verifyConsistency({ ...claim, fromRoot: claim.toRoot }, sha256)).toBe(false);
      }
    }
  });

  test('invalid sizes are refused (AH2)', async () => {
    const { size } = await checkpointed();
    for (const [from, to] of [
      ['0', '1'],
      ['-1', '1'],
      ['1', String(size + 100)],
      ['2', '1'],
      ['1.5', '2'],
      ['x', '2'],
      ['1', '9007199254740993'],
    ]) {
      await expect(
        site.admin.get(`/api/audit/consistency?from=${from}&to=${to}`),
        `${from} ${to}`,
      ).rejects.toMatchObject({ status: 400, code: 'bad_request' });
    }
    await expect(site.admin.get('/api/audit/consistency?from=1')).rejects.toMatchObject({ status: 400 });
  });
});

describe('a session', () => {
  test('has its entries proved under the newest checkpoint (AH4)', async () => {
    await site.student();
    await checkpointed();
    const { session, student } = await startAttempt(site);
    const path = `/api/audit/attempt/${session.id}`;
    await expect(site.admin.get(`${path}/file`)).rejects.toMatchObject({
      status: 409,
      code: 'no_checkpoint_yet',
      retryable: true,
    });
    await checkpointed();
    await student.post(`/api/sessions/${session.id}/end`);
    const proctor = await site.proctor();
    const part = await proctor.get<AuditOfSession>(path);
    expect(part).toMatchObject({
      sessionId: session.id,
      entries: 2,
      covered: 1,
      last: { entry: { eventType: 'SESSION_STARTED' } },
    });
    expect(await isIncluded({ ...part.last!, checkpoint: part.checkpoint! })).toBe(true);
    await checkpointed();
    const whole = await proctor.get<AuditOfSession>(path);
    expect(whole).toMatchObject({
      entries: 2,
      covered: 2,
      last: { entry: { eventType: 'SESSION_ENDED', position: 2 } },
    });
    expect(whole.head).toBe(toBase64(await hashLeaf(bytesOf(whole.last!.leaf), sha256)));
    await expect(student.get(path)).rejects.toMatchObject({ status: 403 });
    await expect(proctor.get('/api/audit/attempt/01a20128-b3ea-75c2-965a-5ede413d3d6b')).rejects.toMatchObject({
      status: 404,
    });
  });

  test('has a file that verifies offline with the key and a stored checkpoint (AH4, AX5)', async () => {
    const { session, student } = await startAttempt(site);
    for (let i = 0; i < 5; i++)
      await student.post('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
    const { note, key, size } = await checkpointed();
    const folder = await mkdtemp(join(tmpdir(), 'invigil-test-'));
    try {
      const [file, kept] = [join(folder, 'file'), join(folder, 'kept')];
      const answer = await fetch(`${site.url}/api/audit/attempt/${session.id}/file`, {
        headers: { authorization: `Bearer ${site.admin.tokens!.accessToken}` },
      });
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
        200,
        'application/octet-stream',
        `attachment; filename="session-${session.id}.audit"`,
      ]);
      const bytes = Buffer.from(await answer.arrayBuffer());
      await writeFile(file, bytes);
      await writeFile(kept, note);
      const { entries } = await site.admin.get<AuditOfSession>(`/api/audit/attempt/${session.id}`);
      expect(entries).toBeGreaterThanOrEqual(2);
      expect(await verifyExport(file, { keys: [key], checkpoints: kept })).toMatchObject({
        valid: true,
        checked: entries,
        vouched: size,
        vouchedBy: { key: true, outside: true },
      });
      // A letter of a payload.
      const at = bytes.indexOf('examId');
      bytes[at]! ^= 1;
      await writeFile(file, bytes);
      expect(await verifyExport(file, { keys: [key] })).toMatchObject({
        valid: false,
        firstBad: { what: 'entry', reason: 'payload', entityId: session.id, position: 1 },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`on ${title}`, () => {
    test('a log without a checkpoint is reported as such, and once signed, entries over more than one tile are proved', async () => {
      const database = await createDatabase(kind);
      try {
        const opened = await openDatabase(database);
        await migrate(opened.db);
        const [user, parts] = [uuidv7(), { db: opened.db, verifierKey: 'none' }];
        const acts = Array.from(
          { length: 600 },
          () => ({ type: 'USER_ENABLED', entityId: user, actor: null, at: new Date() }) as const,
        );
        const rows = await opened.db.transaction().execute((tx) => appendAudits(tx, acts));
        await expect(checkpointOf(parts)).rejects.toMatchObject({ code: 'not_found' });
        await expect(inclusionOf(parts, rows[0]!.id)).rejects.toMatchObject({
          code: 'no_checkpoint_yet',
          retryable: true,
        });
        expect(await auditOfSession(parts, user)).toEqual({
          sessionId: user,
          entries: 0,
          head: null,
          checkpoint: null,
          covered: 0,
          last: null,
        });
        await opened.close();

        const clock = new AuditClock();
        await using other = await startTestServer({
          database,
          overrides: { clock: clock.clock, timers: clock.timers },
        });
        const first = await clock.checkpointed(other.admin);
        await other.student();
        const second = await clock.checkpointed(other.admin);
        const [from, to] = [first.size, second.size];
        expect([from > 600, to > from]).toEqual([true, true]);
        const { proof } = await other.admin.get<AuditConsistency>(`/api/audit/consistency?from=${from}&to=${to}`);
        expect(
          await verifyConsistency(
            { from, to, proof: proof.map(bytesOf), fromRoot: bytesOf(first.root), toRoot: bytesOf(second.root) },
            sha256,
          ),
        ).toBe(true);
        for (const { id } of [rows[0]!, rows[255]!, rows[256]!, rows[599]!]) {
          for (const size of [from, to])
            expect(
              await isIncluded(await other.admin.get<AuditInclusion>(`/api/audit/inclusion/${id}?size=${size}`)),
            ).toBe(true);
        }
      } finally {
        await database.remove();
      }
    });
  });
}
