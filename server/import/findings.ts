import { createHash } from 'node:crypto';
import { type ImportChange, type ImportNote } from '../../protocol/http/imports.ts';
import { IMPORT_LIMITS } from '../../protocol/import-limits.ts';

/** Findings of one import. Each list is counted in full and kept up to a limit. */
export class Findings {
  readonly faults = new Notes();
  readonly warnings = new Notes();
  readonly changes = new Listed<ImportChange>();
  readonly people = { created: 0, changed: 0, unchanged: 0 };
  readonly enrolments = { created: 0, changed: 0, unchanged: 0 };

  /** Titles by id. */
  readonly exams = new Map<string, string>();

  readonly #wrong = new Set<string>();
  readonly #names = new Map<string, string>();

  /** Rows with at least one fault. */
  get wrongRows(): number {
    return this.#wrong.size;
  }

  /** Names a row in faults and warnings. */
  about(file: string | null, row: number, name: string | undefined): void {
    if (name !== undefined) this.#names.set(`${row} ${file ?? ''}`, name);
  }

  #subject = (file: string | null, row: number | null) => this.#names.get(`${row} ${file ?? ''}`) ?? null;

  fault(file: string | null, row: number | null, column: string | null | undefined, message: string): void {
    if (row !== null) this.#wrong.add(`${row} ${file ?? ''}`);
    this.faults.add({ file, row, column: column ?? null, subject: this.#subject(file, row), message });
  }

  warn(file: string | null, row: number | null, column: string | null | undefined, message: string): void {
    this.warnings.add({ file, row, column: column ?? null, subject: this.#subject(file, row), message });
  }
}

/** Notes in the order of the rows, whatever the order in which they were found. */
class Notes {
  readonly #all: ImportNote[] = [];

  get count(): number {
    return this.#all.length;
  }

  add(note: ImportNote): void {
    this.#all.push(note);
  }

  /** @param files their names in order; notes of no file come first, then those of a whole file */
  inOrder(files: readonly (string | null)[], most = Infinity): ImportNote[] {
    const place = new Map(files.map((name, at) => [name, at]));
    const at = ({ file }: ImportNote) => place.get(file) ?? -1;
    return this.#all.toSorted((a, b) => at(a) - at(b) || (a.row ?? 0) - (b.row ?? 0)).slice(0, most);
  }
}

class Listed<T> {
  readonly items: T[] = [];
  count = 0;
  readonly #all = createHash('sha256');

  add(item: T): void {
    this.#all.update(JSON.stringify(item));
    this.count += 1;
    if (this.items.length < IMPORT_LIMITS.listed) this.items.push(item);
  }

  /** Of all items so far, hex. */
  digest(): string {
    return this.#all.copy().digest('hex');
  }
}
