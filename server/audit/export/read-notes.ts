import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { NoteSplitter } from '../checkpoints/note-splitter.ts';

const BLOCK_BYTES = 65_536;

/**
 * Signed notes of a byte range of an open file, split by `NoteSplitter`, block by block since the file may be long.
 * @throws NoteError `malformed` for text too long for a note
 */
export function* readNotes(fd: number, from: number, to: number): Generator<string, void, undefined> {
  const block = Buffer.alloc(BLOCK_BYTES);
  // A block may end within a character.
  const decoder = new StringDecoder('utf8');
  const splitter = new NoteSplitter();
  for (let at = from; at < to;) {
    const bytesRead = readSync(fd, block, 0, Math.min(BLOCK_BYTES, to - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
    yield* splitter.push(decoder.write(block.subarray(0, bytesRead)));
  }
  yield* splitter.push(decoder.end());
  yield* splitter.end();
}
