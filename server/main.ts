import { isatty } from 'node:tty';
import { EmbeddedFolderError } from '../db/embedded-folder.ts';
import { DatabaseInUseError } from '../db/exclusive.ts';
import { FolderLockedError } from '../db/lock.ts';
import { DatabaseRefusedError, DatabaseUnavailableError } from '../db/unavailable.ts';
import { ConfigError, readConfig } from './config.ts';
import { type Server, startServer } from './context.ts';
import { createLog } from './log.ts';
import { ListenError } from './socket/listen.ts';
import { evaluationWarning } from './real-exam.ts';
import { offerSetupLink } from './setup-link.ts';
import { exit, logProcess, openProcessOutput } from './process-output.ts';

const output = openProcessOutput();

/** Of the embedded database, or of a folder. */
const isDiskFull = (error: unknown): error is Error =>
  error instanceof Error && ['53100', 'ENOSPC', 'EDQUOT'].includes(String((error as { code?: unknown }).code));

/** Environment, configuration, server, signals. */
async function main(): Promise<void> {
  // Files of the database, pictures and log are for this user only.
  process.umask(0o077);
  const { config, secrets, warnings } = readConfig();
  const log = createLog(config.logLevel, output);
  logProcess(log, output);
  for (const warning of warnings) log.warn(warning);
  const stopped = new AbortController();
  let server: Server | undefined;
  const stop = (signal: string) => {
    if (stopped.signal.aborted) {
      log.warn({ signal }, 'second signal: exiting without draining');
      process.exit(1);
    }
    log.info({ signal }, 'stopping');
    stopped.abort();
    // A person at a terminal has no load balancer to tell.
    server?.close(signal === 'SIGTERM' ? {} : { noticeMs: 0 }).then(
      () => exit(0, output),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        return exit(1, output);
      },
    );
  };
  // Before the start: it may wait for another server to release the database.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Of a closed terminal, often more than once. Under nohup there is none, and Node undoes that the signal is ignored.
  const hasTerminal = [0, 1, 2].some((fd) => isatty(fd));
  process.on('SIGHUP', (signal) => {
    if (!hasTerminal) log.info({ signal }, 'ignored: there is no terminal');
    else if (!stopped.signal.aborted) stop(signal);
  });

  try {
    server = await startServer(config, secrets, { log, output, stop: stopped.signal });
  } catch (error) {
    if (stopped.signal.aborted && error === stopped.signal.reason) await exit(0, output);
    throw error;
  }
  log.info({ url: server.url }, 'listening');
  const warning = evaluationWarning({ production: config.production, databaseUrl: secrets.databaseUrl });
  if (warning) log.warn(warning);
  const terminal = { isTTY: process.stdout.isTTY, write: (text: string) => output.write(text) };
  offerSetupLink(server.setupLink, config.dataDir, terminal, log);
}

main().catch((error: unknown) => {
  if (
    error instanceof ConfigError ||
    error instanceof ListenError ||
    error instanceof DatabaseInUseError ||
    error instanceof EmbeddedFolderError ||
    error instanceof DatabaseRefusedError ||
    error instanceof DatabaseUnavailableError ||
    error instanceof FolderLockedError ||
    isDiskFull(error)
  )
    process.stderr.write(`invigil: ${error.message}\n`);
  else createLog('info', output).fatal({ err: error }, 'cannot start');
  return exit(1, output);
});
