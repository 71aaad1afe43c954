import { existsSync } from 'node:fs';
import { modulePath, startThread } from '../../models/module-path.ts';
import type { ReportPages } from './blocks.ts';
import { findFonts } from './fonts.ts';
import { PdfWriter } from './write-pdf.ts';

const MODULE = 'server/report/pdf-worker';
/** For some hundred pictures and a font of 20 MB. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };

/** Writes a PDF on a thread of its own: subsets of fonts take the main thread's time. */
export async function writePdf(pages: ReportPages, left: AbortSignal): Promise<Uint8Array> {
  // Tests from source before a build.
  if (!existsSync(modulePath(MODULE))) return new PdfWriter(pages, findFonts()).write();
  const worker = startThread(MODULE, { workerData: pages, resourceLimits: MEMORY });
  const leave = () => void worker.terminate();
  left.addEventListener('abort', leave, { once: true });
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread that writes the file ended')));
    });
  } finally {
    left.removeEventListener('abort', leave);
    void worker.terminate();
  }
}
