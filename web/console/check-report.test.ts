import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeEntry, entryHash, NO_HASH, saltedDigest } from '../../db/audit/hash.ts';
import { toBase64 } from '../../protocol/audit/base64.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { AuditOfSession } from '../../protocol/http/audit-proofs.ts';
import { auditView } from '../../server/audit/audit-view.ts';
import { Signer } from '../../server/audit/checkpoints/signer.ts';
import { leafHash, nodeHash } from '../../server/audit/tree/hashes.ts';
import { checkReport } from './check-report.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const SESSION = '01a20128-b3ea-75c2-965a-5ede413d3d6b';

/** Three entries of a session, in the database's own form. */
function rows() {
  let prev: Uint8Array = NO_HASH;
  return [1, 2, 3].map((position) => {
    const [salt, payload] = [Buffer.alloc(32, position), Buffer.from(`{"n":${position}}`)];
    const row = {
      id: `01a20128-b3ea-75c2-965a-5ede413d3d6${position}`,
      entity_type: 'session' as const,
      entity_id: SESSION,
      position,
      event_type: 'EVENTS_STORED',
      actor: null,
      at: new Date(1_767_261_600_123 + position),
      payload,
      salt,
      digest: saltedDigest('payload', salt, payload),
      prev_hash: prev,
    };
    const hash = entryHash(row);
    prev = hash;
    return { ...row, hash };
  });
}

/** The second of them is the second leaf of two; the third has no checkpoint yet. */
async function report(): Promise<{ part: AuditOfSession; chain: AuditEntry[] }> {
  const all = rows();
  const before = leafHash(Buffer.from('another entry'));
  const note = await new Signer(Buffer.alloc(32, 7)).note({ size: 2, root: nodeHash(before, all[1].hash) });
  const checkpoint = { size: 2, root: '', signedAt: '2026-01-01T10:00:00.000Z', note, key: '' };
  const last = { index: 1, leaf: toBase64(encodeEntry(all[1])), proof: [toBase64(before)], entry: auditView(all[1]) };
  return {
    part: { sessionId: SESSION, entries: 3, head: toBase64(all[2].hash), checkpoint, covered: 2, last },
    chain: all.map(auditView),
  };
}

test('a chain is valid whether or not a checkpoint covers it yet', async () => {
  const { part, chain } = await report();
  expect(await checkReport(part, chain, sha256)).toBeUndefined();
  expect(await checkReport({ ...part, checkpoint: null, covered: 0, last: null }, chain, sha256)).toBeUndefined();
  expect(await checkReport({ ...part, entries: 0, head: null, covered: 0, last: null }, [], sha256)).toBeUndefined();
});

test("an entry newer than the server's answer is not a fault", async () => {
  const { part, chain } = await report();
  expect(
    await checkReport({ ...part, entries: 2, head: toBase64(Buffer.from(chain[1].hash, 'base64url')) }, chain, sha256),
  ).toBeUndefined();
});

const CHANGES: readonly [string, Partial<AuditEntry>, string][] = [
  ['payload', { payload: '{"n":3}' }, 'its payload differs from the logged one'],
  ['actor', { actor: SESSION }, 'its hash differs from the logged one'],
  ['time', { at: '2026-01-01T10:00:00.000Z' }, 'its hash differs from the logged one'],
  ['type', { eventType: 'SESSION_ENDED' }, 'its hash differs from the logged one'],
  ['session', { entityId: '01a20128-b3ea-75c2-965a-5ede413d3d6c' }, 'it is not the next entry of this session'],
  ['position', { position: 3 }, 'it is not the next entry of this session'],
  ['hash before', { prevHash: Buffer.alloc(32).toString('base64url') }, 'it does not follow its predecessor'],
  ['hash', { hash: 'AAAA' }, 'its hash differs from the logged one'],
  ['salt', { salt: '?' }, 'it cannot be read'],
];

test.each(CHANGES)('a changed %s is named as the fault of its entry', async (_name, change, what) => {
  const { part, chain } = await report();
  expect(
    await checkReport(
      part,
      chain.map((entry, i) => (i === 1 ? { ...entry, ...change } : entry)),
      sha256,
    ),
  ).toMatch(new RegExp(`^entry 2, .*: ${what}$`));
});

test('a truncated chain, another end and a missing inclusion are detected', async () => {
  const { part, chain } = await report();
  expect(await checkReport(part, chain.slice(0, 2), sha256)).toBe('the chain does not end where the server says');
  expect(await checkReport({ ...part, head: part.last!.proof[0] }, chain, sha256)).toBe(
    'the chain does not end where the server says',
  );
  const missing = "entry 2 is not included in the checkpoint's log";
  expect(await checkReport({ ...part, last: { ...part.last!, proof: [part.head!] } }, chain, sha256)).toBe(missing);
  expect(await checkReport({ ...part, last: { ...part.last!, index: 0 } }, chain, sha256)).toBe(missing);
  expect(await checkReport({ ...part, covered: 3 }, chain, sha256)).toBe(
    "entry 3 is not included in the checkpoint's log",
  );
  expect(await checkReport({ ...part, last: null }, chain, sha256)).toBe('the proof is missing');
});
