import { lengthAt, decodeEntry } from './entry-fields.ts';
import { ENTRY_AT, HASH_AT, LENGTH_BYTES, malformedRecord, PART } from './format.ts';
import { readNotes } from './read-notes.ts';
import { openExport, RecordReader } from './reader.ts';

/** Prints an export as lines of JSON: header, records, checkpoints. Verifies nothing. @throws MalformedExport */
export async function* showExport(path: string): AsyncGenerator<string> {
  const file = await openExport(path);
  const records = new RecordReader(file);
  try {
    yield JSON.stringify({ header: file.header });
    let leaf = 0;
    while (records.fill()) {
      while (records.next()) {
        const record = Buffer.from(
          records.bytes.buffer,
          records.bytes.byteOffset + records.from,
          records.to - records.from,
        );
        const waits = (record[0]! & PART.pending) !== 0;
        yield JSON.stringify(showRecord(record, records.offset, file.header.kind === 'full' && !waits ? leaf : null));
        leaf += 1;
      }
    }
    for (const note of readNotes(file.handle.fd, file.notesAt, file.notesEnd))
      yield JSON.stringify({ checkpoint: note });
  } finally {
    await file.handle.close();
  }
}

function showRecord(record: Buffer, offset: number, leaf: number | null): unknown {
  const parts = record[0]!;
  const hash = record.toString('base64', HASH_AT, ENTRY_AT);
  if ((parts & PART.entry) === 0) return { leaf, hash, missing: true };
  let at = ENTRY_AT;
  const field = () => {
    const end = at + LENGTH_BYTES + (at + LENGTH_BYTES > record.length ? 0 : lengthAt(record, at));
    if (end > record.length) throw malformedRecord(offset);
    const bytes = record.subarray(at + LENGTH_BYTES, end);
    at = end;
    return bytes;
  };
  const bytes = field();
  const entry = decodeEntry(bytes);
  if (!entry) return { leaf, hash, notAnEntry: bytes.toString('base64') };
  const { digest, prevHash, actor, ...fields } = entry;
  const shown = {
    leaf,
    hash,
    ...fields,
    actor: actor || null,
    digest: Buffer.from(digest).toString('base64'),
    prevHash: Buffer.from(prevHash).toString('base64'),
  };
  if ((parts & PART.payload) === 0) return { ...shown, erased: true };
  const [salt, payload] = [field(), field()];
  return { ...shown, salt: salt.toString('base64'), payload: payload.toString('utf8') };
}
