import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { MAX_NOTE_CHARACTERS, NoteError } from '../../../protocol/audit/signed-note.ts';

const BLOCK_BYTES = 65_536;
const SIGNATURE = '— ';

/**
 * Signed notes that stand one after the other in a file, with or without empty lines between them: each is lines of text, an empty
 * line, and lines of signatures. (A note's text may have empty lines in general; that of a checkpoint has none.) What
 * stands between them comes as it is, and no note can be made of it. In blocks: the file may be long.
 * @param fd of an open file, looked at from `from` to `to`, bytes
 * @throws NoteError `malformed` for what is too long for a note
 */
export function* readNotes(fd: number, from: number, to: number): Generator<string, void, undefined> {
  let note = '';
  let part: 'text' | 'blank' | 'signatures' = 'text';
  for (const line of readLines(fd, from, to)) {
    const isSignature = line.startsWith(SIGNATURE);
    const continues = part === 'signatures' ? isSignature : part === 'text' || isSignature;
    if (note !== '' && !continues) {
      yield note;
      [note, part] = ['', 'text'];
    }
    if (line === '\n') {
      if (note === '') continue;
      part = 'blank';
    } else if (part === 'blank') {
      part = 'signatures';
    }
    note += line;
    if (note.length > MAX_NOTE_CHARACTERS) throw new NoteError('malformed', 'too long for a note');
  }
  if (note !== '') yield note;
}

/** With their ends; the last one may have none. */
function* readLines(fd: number, from: number, to: number): Generator<string, void, undefined> {
  const block = Buffer.alloc(BLOCK_BYTES);
  // A character may be cut in two by the end of a block.
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for (let at = from; at < to; ) {
    const bytesRead = readSync(fd, block, 0, Math.min(BLOCK_BYTES, to - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const lines = (rest + decoder.write(block.subarray(0, bytesRead))).split(/(?<=\n)/);
    rest = lines.at(-1)!.endsWith('\n') ? '' : lines.pop()!;
    if (rest.length > MAX_NOTE_CHARACTERS) throw new NoteError('malformed', 'too long for a note');
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
