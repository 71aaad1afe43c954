import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../db/executor.ts';
import type { HashCost } from './auth/passwords/passwords.ts';
import { openAudit } from './audit/open-audit.ts';
import { AddressDigests } from './audit/security/address-digests.ts';
import { SecurityLog } from './audit/security/security-log.ts';
import { Membership } from './cluster/membership.ts';
import { NatsBus } from './cluster/nats-bus.ts';
import { type Clock, systemTimers, type Timers } from './clock.ts';
import type { Config, Secrets } from './config.ts';
import type { EvidenceStore } from './evidence/store.ts';
import { secureFolders } from './folders/secure-folders.ts';
import { InferencePool } from './inference/pool.ts';
import type { LogOutput } from './line-writer.ts';
import { createLog, type Logger } from './log.ts';
import { Metrics } from './metrics.ts';
import { startHousekeeping } from './startup/housekeeping.ts';
import { openAccounts } from './startup/open-accounts.ts';
import { openEdge } from './startup/open-edge.ts';
import { openOwnDatabase } from './startup/open-database.ts';
import { openSessions } from './startup/open-sessions.ts';
import { openSystem } from './startup/open-system.ts';
import { registerApi } from './startup/register-api.ts';
import { Shutdown } from './startup/shutdown.ts';
import { Status } from './startup/status.ts';

/** Replaced by tests, but for `log`, `output` and `stop`. */
export interface Overrides {
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly log?: Logger;
  /** Destination of the log, for `/health` and the metrics. */
  readonly output?: LogOutput;
  readonly evidenceStore?: EvidenceStore;
  /** Draws of requests to students; tests give a seed. */
  readonly random?: () => number;
  /** False: events are left out of the audit log, to measure its cost. */
  readonly eventsInLog?: boolean;
  /**
   * Path of the module that is run as the inference host. No setting names it: only code that starts the server can.
   */
  readonly inferenceHost?: string;
  /** Time that a frame and the start of a host may take, ms: on a busy machine tests allow more than people wait. */
  readonly inferencePatience?: { readonly deadlineMs: number; readonly startMs: number };
  /** Cost of password hashes. No setting weakens it: only code that starts the server can. */
  readonly hashCost?: HashCost;
  /** The open database, made to fail or to wait. */
  readonly db?: (real: Db) => Db;
  /** Ends a start between its steps: what was opened is closed, and the signal's reason is thrown. */
  readonly stop?: AbortSignal;
}

/** A running server. */
export interface Server {
  readonly url: string;
  /** Page on which the first admin is made; undefined once there is one. */
  readonly setupLink: string | undefined;
  readonly pool: InferencePool;
  /**
   * Turns `/ready` to 503 and goes on serving for the notice, so that load balancers send new clients elsewhere; then
   * stops accepting, closes the sockets over the drain time, commits the write queue, closes everything.
   */
  close(options?: { noticeMs?: number; drainMs?: number }): Promise<void>;
}

/** Builds everything in order; the stages of its end are those of `Shutdown`. */
export async function startServer(config: Config, secrets: Secrets, overrides: Overrides = {}): Promise<Server> {
  const shutdown = new Shutdown();
  try {
    return await build(config, secrets, overrides, shutdown);
  } catch (error) {
    await shutdown.run(0);
    throw error;
  }
}

async function build(config: Config, secrets: Secrets, overrides: Overrides, shutdown: Shutdown): Promise<Server> {
  const clock = overrides.clock ?? Date.now;
  const timers = overrides.timers ?? systemTimers;
  const log = overrides.log ?? createLog(config.logLevel);
  const metrics = new Metrics();
  const status = new Status();
  const { output } = overrides;
  if (output) {
    status.logs = () => output;
    metrics.lostLogLines = () => output.lost;
  }
  const pool = new InferencePool(config.models, config.inferenceThreads, log, metrics, {
    entry: overrides.inferenceHost,
    ...overrides.inferencePatience,
  });
  const open = await openEdge(config, secrets, { log, metrics, pool, status, shutdown });
  await secureFolders(config, log);
  overrides.stop?.throwIfAborted();
  const database = await openOwnDatabase(config, secrets, log, shutdown, overrides.db, overrides.stop);
  overrides.stop?.throwIfAborted();
  const { db, urgent } = database;

  const audit = await openAudit({ db, clock, timers, log, metrics }, config.auditDir, secrets.auditKey);
  shutdown.signal.addEventListener('abort', () => audit.verification.cancel(), { once: true });
  shutdown.on('requests', () => audit.verification.ended());
  shutdown.on('audit-log', () => audit.writer.stop());
  audit.writer.start();
  status.audit = () => audit.writer.state;
  const addresses = new AddressDigests(db, { secret: secrets.auditKey, days: config.addressDigestDays, clock });
  const security = new SecurityLog(db, { addresses, clock, timers, log, metrics });
  shutdown.on('security-log', ({ storeMs }) => security.stop(storeMs));
  open.recordIn(security);

  overrides.stop?.throwIfAborted();

  const node = new Membership({
    db,
    timers,
    log,
    isShared: database.kind === 'postgres',
    isAlone: database.isAlone,
    signal: shutdown.signal,
  });
  await node.start();
  shutdown.on('node', () => node.leave());

  const bus = secrets.natsUrl === undefined ? undefined : await NatsBus.open(secrets.natsUrl, node.id, log);
  if (bus) shutdown.on('node', () => bus.close());

  const shared = { db, urgent, clock, timers, log, metrics };
  const accounts = await openAccounts(config, secrets, { ...shared, security, hashCost: overrides.hashCost });
  shutdown.on('mail', () => accounts.mailer.stop());
  const sessions = openSessions(config, secrets, {
    ...shared,
    node,
    bus,
    revocations: accounts.revocations,
    database,
    pool,
    status,
    shutdown,
    evidenceStore: overrides.evidenceStore,
    random: overrides.random,
    writer: overrides,
  });
  startHousekeeping(
    {
      ...shared,
      ...accounts,
      addresses,
      pictures: sessions.evidence.evidenceRetention,
      checkIns: sessions.evidence.checkInRetention,
    },
    shutdown.signal,
  );
  const system = openSystem(config, {
    ...shared,
    database,
    pool,
    sessions,
    accounts,
    status,
    shutdown,
    version: open.version,
  });
  await registerApi(config, {
    ...shared,
    isShared: node.isShared,
    system,
    open,
    accounts,
    sessions,
    audit,
    security,
    addresses,
    database,
    pool,
    shutdown,
  });
  overrides.stop?.throwIfAborted();
  status.phase = 'ok';

  return {
    url: open.url,
    setupLink:
      accounts.setupToken && `${config.publicUrls[0] ?? open.url}${config.basePath}/setup#${accounts.setupToken}`,
    pool,
    close: async ({ noticeMs = config.drainNoticeMs, drainMs = config.drainMs } = {}) => {
      status.phase = 'stopping';
      await sleep(noticeMs);
      await shutdown.run(drainMs);
    },
  };
}
