import type { ImportEncoding, ImportKind } from '../../protocol/http/imports.ts';
import { FileFault } from './file-fault.ts';
import { readTable, type Table } from './read-table.ts';
import { unzip } from './unzip.ts';

export interface ReadJob {
  readonly kind: ImportKind;
  readonly bytes: Uint8Array;
  readonly encoding: ImportEncoding | undefined;
}

export interface NamedTable extends Table {
  /** Name within a zip. */
  readonly name: string | null;
}

/** Files of OneRoster 1.2 that are read. */
export const ONEROSTER_FILES = ['users.csv', 'roles.csv', 'classes.csv', 'enrollments.csv'] as const;

/** Tables of an imported file. @throws FileFault */
export async function readFile({ kind, bytes, encoding }: ReadJob): Promise<NamedTable[]> {
  if (kind !== 'oneroster') return [{ name: null, ...readTable(bytes, encoding) }];
  const files = await unzip(bytes, new Set(ONEROSTER_FILES));
  if (!files.has('users.csv')) throw new FileFault('the zip has no users.csv');
  return [...files].map(([name, content]) => {
    try {
      return { name, ...readTable(content, encoding) };
    } catch (error) {
      throw error instanceof FileFault ? new FileFault(`${name}: ${error.message}`) : error;
    }
  });
}
