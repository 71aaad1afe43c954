import { type ImportChange, type ImportNote } from '../../protocol/http/imports.ts';
import { IMPORT_LIMITS } from '../../protocol/import-limits.ts';

/** Findings of one import. Each list is counted in full and kept up to a limit. */
export class Findings {
  readonly faults = new Notes();
  readonly warnings = new Notes();
  readonly changes = new Listed<ImportChange>();
  readonly people = { created: 0, changed: 0, unchanged: 0 };
  readonly enrolments = { created: 0, changed: 0, unchanged: 0 };

  readonly #wrong = new Set<string>();

  /** Rows with at least one fault. */
  get wrongRows(): number {
    return this.#wrong.size;
  }

  fault(file: string | null, row: number | null, column: string | null | undefined, message: string): void {
    if (row !== null) this.#wrong.add(`${row} ${file ?? ''}`);
    this.faults.add({ file, row, column: column ?? null, message });
  }

  warn(file: string | null, row: number | null, column: string | null | undefined, message: string): void {
    this.warnings.add({ file, row, column: column ?? null, message });
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

  add(item: T): void {
    this.count += 1;
    if (this.items.length < IMPORT_LIMITS.listed) this.items.push(item);
  }
}
