import { MAX_NOTE_CHARACTERS, NoteError } from '../../../protocol/audit/signed-note.ts';

const SIGNATURE = '— ';

/**
 * Takes signed notes apart that stand one after the other, with or without empty lines between them: each is lines of
 * text, an empty line, and lines of signatures. (A note's text may have empty lines in general; that of a checkpoint
 * has none.) What stands between them comes as it is, and no note can be made of it.
 */
export class NoteSplitter {
  #note = '';
  #part: 'text' | 'blank' | 'signatures' = 'text';
  #line = '';

  /**
   * @param text the next piece, cut anywhere
   * @returns what is over by now: what follows it has come, be it an empty line
   * @throws NoteError `malformed` for what is too long for a note
   */
  push(text: string): string[] {
    const lines = (this.#line + text).split(/(?<=\n)/);
    this.#line = lines.at(-1)!.endsWith('\n') ? '' : lines.pop()!;
    const notes = lines.flatMap((line) => this.#take(line) ?? []);
    if (this.#note.length + this.#line.length > MAX_NOTE_CHARACTERS)
      throw new NoteError('malformed', 'too long for a note');
    return notes;
  }

  /** What is left; it may be cut off. */
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
