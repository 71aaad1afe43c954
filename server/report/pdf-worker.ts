import { parentPort, workerData } from 'node:worker_threads';
import type { ReportPages } from './blocks.ts';
import { findFonts } from './fonts.ts';
import { PdfWriter } from './write-pdf.ts';

/** Entry of the thread that writes a PDF file. */

void new PdfWriter(workerData as ReportPages, findFonts()).write().then((file) => {
  // A buffer of its own, moved instead of copied.
  const bytes = new Uint8Array(file);
  parentPort!.postMessage(bytes, [bytes.buffer]);
});
