import { readConfig } from '../../server/config.ts';
import { startServer } from '../../server/context.ts';
import { createLog } from '../../server/log.ts';

/** The server, except that events are stored without entering the audit log. Only for measuring that cost. */
process.umask(0o077);
const { config, secrets } = readConfig();
const log = createLog(config.logLevel);
const server = await startServer(config, secrets, { log, eventsInLog: false });
log.info({ url: server.url }, 'listening');
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
