import { parentPort, workerData } from 'node:worker_threads';
import type { FileCell, FileTable } from './file-cells.ts';
import { writeXlsx } from './write-xlsx.ts';
import type { XlsxRequest } from './xlsx-thread.ts';

/** Entry of the thread that writes an XLSX file. */

const rows: (readonly FileCell[])[] = [];

parentPort!.on('message', (request: XlsxRequest) => {
  if ('rows' in request) rows.push(...request.rows);
  else
    void writeXlsx(workerData as FileTable, rows).then((file) => {
      // A buffer of its own, moved instead of copied.
      const bytes = new Uint8Array(file);
      parentPort!.postMessage(bytes, [bytes.buffer]);
    });
});
