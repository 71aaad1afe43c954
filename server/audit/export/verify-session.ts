import { HASH_BYTES, verifyInclusion } from '../../../protocol/audit/merkle-proof.ts';
import type { VerifierKey } from '../../../protocol/audit/signed-note.ts';
import { sha256 } from '../tree/hashes.ts';
import { EntryCheck } from './check-entry.ts';
import { checkPayload } from './check-payload.ts';
import { Checkpoints, checkpointsInside, checkpointsOutside } from './checkpoints.ts';
import { checkpointFault, entryFault } from './fault-found.ts';
import { HASH_AT, MalformedExport, OFFSET_BYTES } from './format.ts';
import { faultOf } from './pass.ts';
import { type ExportFile, readRecordAt, RecordReader } from './reader.ts';
import type { Findings, VerifyOptions } from './verification.ts';

/**
 * Verifies the export of one session: its chain from the start, and the inclusion of each entry in the tree of the
 * file's checkpoint.
 */
export async function verifySession(
  file: ExportFile,
  _path: string,
  signers: readonly VerifierKey[],
  options: VerifyOptions,
): Promise<Findings> {
  const unreadable = { count: 0 };
  const inside = await Checkpoints.of('inside', checkpointsInside(file, signers));
  const outside = await Checkpoints.of(
    'outside',
    checkpointsOutside(options.checkpoints, file.header.origin, signers, unreadable),
  );
  const { notCompared, root } = await compare(file.header.size, inside, outside);
  const checkpoints = {
    inside: { count: inside.agreed, largest: inside.largest },
    outside: { count: outside.agreed, largest: outside.largest },
    notCompared,
    unreadable: unreadable.count,
  };
  const records = new RecordReader(file);
  const check = new EntryCheck((offset) => readRecordAt(file, offset));
  let [checked, erased, before] = [0, 0, -1];
  try {
    while (records.fill()) {
      const { bytes } = records;
      while (records.next()) {
        const { from, to, offset } = records;
        const leafHash = Uint8Array.from(bytes.subarray(from + HASH_AT, from + HASH_AT + HASH_BYTES));
        check.check(bytes, from, to, offset, null);
        const entity = check.entity(bytes);
        const { hasPayload, proofAt } = checkPayload(bytes, from, to, offset, null);
        const { index, proof } = readProof(bytes, proofAt, to, offset);
        const fault = (reason: 'session' | 'inclusion') => entryFault(reason, index, entity);
        if (entity.entityType !== 'session' || entity.entityId !== file.header.session) throw fault('session');
        if (
          index <= before ||
          !(await verifyInclusion({ index, size: file.header.size, leafHash, proof, root }, sha256))
        )
          throw fault('inclusion');
        before = index;
        checked += 1;
        if (!hasPayload) erased += 1;
      }
      options.onProgress?.(checked, checked);
    }
    return { checked, erased, ...checkpoints };
  } catch (error) {
    return { checked, erased, ...checkpoints, fault: faultOf(error) };
  }
}

/** The file has one checkpoint, of its tree; outside checkpoints of the same size can be compared. */
async function compare(
  size: number,
  inside: Checkpoints,
  outside: Checkpoints,
): Promise<{ readonly notCompared: number; readonly root: Uint8Array }> {
  if (inside.next?.size !== size)
    throw checkpointFault('order', 'inside', inside.next?.size ?? null, `there has to be one of ${size} leaves`);
  const { root } = inside.next;
  await inside.compare(size, root);
  inside.end(size);
  let notCompared = 0;
  for (; outside.next; notCompared++) {
    await outside.compare(size, root);
    if (!outside.next) break;
    await outside.advance();
  }
  return { notCompared, root };
}

function readProof(
  bytes: Uint8Array,
  at: number,
  to: number,
  offset: number,
): { readonly index: number; readonly proof: Uint8Array[] } {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset + at, to - at);
  const count = at !== 0 && record.length > OFFSET_BYTES ? record[OFFSET_BYTES]! : -1;
  const hashesAt = OFFSET_BYTES + 1;
  if (count < 0 || record.length !== hashesAt + count * HASH_BYTES)
    throw new MalformedExport(`no proof in the record at offset ${offset}`);
  return {
    index: record.readUIntBE(0, OFFSET_BYTES),
    proof: Array.from({ length: count }, (_, i) =>
      record.subarray(hashesAt + i * HASH_BYTES, hashesAt + (i + 1) * HASH_BYTES),
    ),
  };
}
