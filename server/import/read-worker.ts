import { parentPort, workerData } from 'node:worker_threads';
import { FileFault } from './file-fault.ts';
import { readFile, type ReadJob } from './read-file.ts';
import type { ReadMessage } from './read-thread.ts';

/** Entry of the thread that reads an imported file. Rows are sent in parts: the main thread copies each in one turn. */

const PART = 500;
const tell = (message: ReadMessage) => parentPort!.postMessage(message);

try {
  for (const { rows, ...table } of await readFile(workerData as ReadJob)) {
    tell({ type: 'table', table });
    for (let from = 0; from < rows.length; from += PART) tell({ type: 'rows', rows: rows.slice(from, from + PART) });
  }
  tell({ type: 'end' });
} catch (error) {
  if (!(error instanceof FileFault)) throw error;
  tell({ type: 'fault', message: error.message });
}
