import { MAX_NOTE_CHARACTERS, NoteError } from '../../../protocol/audit/signed-note.ts';

const SIGNATURE = '— ';

/**
 * Splits a text into signed notes, with or without empty lines between them: each is lines of text, an empty line and
 * signature lines. (Note text may contain empty lines in general; that of a checkpoint does not.) Anything else between
 * notes is returned as is and cannot be parsed as a note.
 */
export class NoteSplitter {
  #note = '';
  #part: 'text' | 'blank' | 'signatures' = 'text';
  #line = '';

  /**
   * @param text next piece, cut anywhere
   * @returns notes completed by now, that is, followed by further text or an empty line
   * @throws NoteError `malformed` for text too long for a note
   */
  push(text: string): string[] {
    const lines = (this.#line + text).split(/(?<=\n)/);
    this.#line = lines.at(-1)!.endsWith('\n') ? '' : lines.pop()!;
    const notes = lines.flatMap((line) => this.#take(line) ?? []);
    if (this.#note.length + this.#line.length > MAX_NOTE_CHARACTERS)
      throw new NoteError('malformed', 'exceeds the maximum length of a note');
    return notes;
  }

  /** The rest, which may be incomplete. */
  end(): string[] {
    const over = this.#line === '' ? undefined : this.#take(this.#line);
    const left = this.#note;
    [this.#note, this.#part, this.#line] = ['', 'text', ''];
    return [over, left].filter((note): note is string => note !== undefined && note !== '');
  }

  #take(line: string): string | undefined {
    const isSignature = line.startsWith(SIGNATURE);
    const continues = this.#part === 'signatures' ? isSignature : this.#part === 'text' || isSignature;
    let over: string | undefined;
    if (this.#note !== '' && !continues) {
      over = this.#note;
      [this.#note, this.#part] = ['', 'text'];
    }
    if (line === '\n') {
      if (this.#note === '') return over;
      this.#part = 'blank';
    } else if (this.#part === 'blank') {
      this.#part = 'signatures';
    }
    this.#note += line;
    return over;
  }
}
