import { existsSync } from 'node:fs';
import { modulePath, startThread } from '../../models/module-path.ts';
import { FileFault } from './file-fault.ts';
import { type NamedTable, readFile, type ReadJob } from './read-file.ts';
import type { TableRow } from './read-table.ts';

export type ReadMessage =
  | { readonly type: 'table'; readonly table: Omit<NamedTable, 'rows'> }
  | { readonly type: 'rows'; readonly rows: readonly TableRow[] }
  | { readonly type: 'end' }
  | { readonly type: 'fault'; readonly message: string };

const MODULE = 'server/import/read-worker';
const MAX_MS = 30_000;
/** A file of 8 MiB as UTF-16 with its rows. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

/** Reads a file on a thread of its own, bounded in time and memory: its sender chooses what it costs. @throws FileFault */
export function readOnThread(job: ReadJob): Promise<NamedTable[]> {
  // For tests from source before a build.
  if (!existsSync(modulePath(MODULE))) return readFile(job);
  const worker = startThread(MODULE, { workerData: job, resourceLimits: MEMORY });
  const tables: (Omit<NamedTable, 'rows'> & { rows: TableRow[] })[] = [];
  const reading = new Promise<NamedTable[]>((resolve, reject) => {
    const timer = setTimeout(() => reject(new FileFault('the file takes too long to read')), MAX_MS);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      settle();
    };
    worker.on('message', (message: ReadMessage) => {
      if (message.type === 'table') tables.push({ ...message.table, rows: [] });
      else if (message.type === 'rows') tables.at(-1)!.rows.push(...message.rows);
      else if (message.type === 'end') end(() => resolve(tables));
      else end(() => reject(new FileFault(message.message)));
    });
    worker.on('error', (error: Error & { code?: string }) =>
      end(() =>
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new FileFault('the file needs too much memory') : error),
      ),
    );
    worker.on('exit', () => end(() => reject(new Error('the reading thread ended'))));
  });
  return reading.finally(() => void worker.terminate());
}
