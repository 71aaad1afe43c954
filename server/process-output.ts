import { LineWriter } from './line-writer.ts';
import type { Logger } from './log.ts';
import { openOutput } from './output-descriptor.ts';

/** Time for the last log lines at the end of the process, ms. */
const FLUSH_MS = 500;
/** The same when the process ends without being stopped, ms. */
const SUDDEN_MS = 200;

/**
 * Standard output of the server's process, for its log. Whatever becomes of the two standard descriptors, the process
 * goes on.
 */
export function openProcessOutput(): LineWriter {
  // The end of a reader would otherwise be an uncaught error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const output = new LineWriter(openOutput(1));
  process.on('exit', () => output.flushNow(SUDDEN_MS));
  return output;
}

/** Passes to the log what Node would write to standard error itself, and wait for. */
export function logProcess(log: Logger, output: LineWriter): void {
  output.onLost = (lines) => log.error({ lines }, 'log lines were lost: their destination took none');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn({ err: warning }, 'runtime warning'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught error; exiting. Acknowledged events are stored');
    process.exit(1);
  });
}

/** Ends the process once its log is written, within a bound. */
export async function exit(code: number, output: LineWriter): Promise<never> {
  await output.flush(FLUSH_MS);
  if (output.hangs) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
