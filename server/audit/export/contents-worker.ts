import { parentPort, workerData } from 'node:worker_threads';
import type { ContentsWork } from './contents-thread.ts';
import { passOverLog } from './pass.ts';
import { identityOf, openExport } from './reader.ts';

/** Entry of the second thread of `verifyExport`. */

const { path, identity, options } = workerData as ContentsWork;
const file = await openExport(path);
try {
  if ((await identityOf(file)) !== identity) throw new Error('the export file was replaced during verification');
  parentPort!.postMessage(await passOverLog(file, options));
} finally {
  await file.handle.close();
}
