import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEntry, entryHash, saltedDigest } from '../../db/audit/hash.ts';
import type { AuditEntity } from '../http/audit.ts';
import { entryBytes, payloadDigest } from './entry.ts';
import { hashLeaf } from './merkle-proof.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('the encoding of an audit entry matches a written-out example', async () => {
  const fields = {
    id: 'a',
    entityType: 'exam',
    entityId: 'b',
    position: 12,
    eventType: 'É',
    actor: null,
    at: '',
    digest: Uint8Array.of(7),
    prevHash: Uint8Array.of(8, 9),
  };
  expect(Buffer.from(entryBytes(fields)).toString('hex')).toBe(
    [
      '00000016',
      Buffer.from('invigil/audit/entry/v2').toString('hex'),
      '00000001',
      '61',
      '00000004',
      Buffer.from('exam').toString('hex'),
      '00000001',
      '62',
      '00000002',
      '3132',
      '00000002',
      'c389',
      '00000000',
      '00000000',
      '00000001',
      '07',
      '00000002',
      '0809',
    ].join(''),
  );
});

test('hashes of an audit entry and its payload match those of the database', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uuid(),
      fc.uuid(),
      fc.nat(),
      fc.string(),
      fc.option(fc.uuid()),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
      hash,
      hash,
      async (id, entityId, position, eventType, actor, at, digest, prevHash) => {
        const row = {
          id,
          entity_type: 'exam' as AuditEntity,
          entity_id: entityId,
          position,
          event_type: eventType,
          actor,
          at,
          digest,
          prev_hash: prevHash,
        };
        const bytes = entryBytes({
          id,
          entityType: 'exam',
          entityId,
          position,
          eventType,
          actor,
          at: at.toISOString(),
          digest,
          prevHash,
        });
        expect(Buffer.compare(bytes, encodeEntry(row))).toBe(0);
        expect(Buffer.compare(await hashLeaf(bytes, sha256), entryHash(row))).toBe(0);
        expect(
          Buffer.compare(await payloadDigest(digest, eventType, sha256), saltedDigest('payload', digest, eventType)),
        ).toBe(0);
      },
    ),
  );
});
