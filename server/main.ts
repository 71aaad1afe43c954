import { EmbeddedFolderError } from '../db/embedded-folder.ts';
import { DatabaseInUseError } from '../db/exclusive.ts';
import { FolderLockedError } from '../db/lock.ts';
import { DatabaseRefusedError, DatabaseUnavailableError } from '../db/unavailable.ts';
import { ConfigError, readConfig } from './config.ts';
import { type Server, startServer } from './context.ts';
import { createLog } from './log.ts';
import { ListenError } from './socket/listen.ts';
import { offerSetupLink } from './setup-link.ts';

/** Environment, configuration, server, signals. */
async function main(): Promise<void> {
  // Files of the database, pictures and log are for this user only.
  process.umask(0o077);
  const { config, secrets, warnings } = readConfig();
  const log = createLog(config.logLevel);
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
    server?.close(signal === 'SIGINT' ? { noticeMs: 0 } : {}).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  // Before the start: it may wait for another server to release the database.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  try {
    server = await startServer(config, secrets, { log, stop: stopped.signal });
  } catch (error) {
    if (stopped.signal.aborted && error === stopped.signal.reason) process.exit(0);
    throw error;
  }
  log.info({ url: server.url }, 'listening');
  if (!config.production)
    log.warn('embedded defaults are for evaluation: use PostgreSQL and NODE_ENV=production for a real exam');
  offerSetupLink(server.setupLink, config.dataDir, process.stdout);
}

main().catch((error: unknown) => {
  if (
    error instanceof ConfigError ||
    error instanceof ListenError ||
    error instanceof DatabaseInUseError ||
    error instanceof EmbeddedFolderError ||
    error instanceof DatabaseRefusedError ||
    error instanceof DatabaseUnavailableError ||
    error instanceof FolderLockedError
  )
    process.stderr.write(`invigil: ${error.message}\n`);
  else createLog('info').fatal({ err: error }, 'cannot start');
  process.exit(1);
});
