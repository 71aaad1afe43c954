import { readConfig } from '../../server/config.ts';
import { startServer } from '../../server/context.ts';
import { createLog } from '../../server/log.ts';

/** The server, but for one thing: events are stored and do not enter the audit log. Only to measure what that costs. */
process.umask(0o077);
const { config, secrets } = readConfig();
const log = createLog(config.logLevel);
const server = await startServer(config, secrets, { log, eventsInLog: false });
log.info({ url: server.url }, 'listening');
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
