import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { FirstAdmin } from './auth/first-admin.ts';
import { Logins } from './auth/logins.ts';
import { LoginThrottle } from './auth/login-throttle.ts';
import { Passwords } from './auth/passwords.ts';
import { Revocations } from './auth/revocations.ts';
import { Tickets } from './auth/tickets.ts';
import { AccessTokens } from './auth/tokens.ts';
import type { Clock } from './clock.ts';
import type { Config, Secrets } from './config.ts';
import { LocalFeed } from './feed/local.ts';
import { authRoutes } from './http/auth-routes.ts';
import { examRoutes } from './http/exam-routes.ts';
import { registerPages } from './http/pages.ts';
import { registerRoutes } from './http/router.ts';
import { registerService } from './http/service-routes.ts';
import { sessionRoutes } from './http/session-routes.ts';
import { InferencePool } from './inference/pool.ts';
import { Scheduler } from './inference/scheduler.ts';
import { RateControl } from './inference/throttle.ts';
import { createLog, type Logger } from './log.ts';
import { Metrics } from './metrics.ts';
import { Journal } from './session/journal.ts';
import { Registry } from './session/registry.ts';
import { startRetention } from './session/retention.ts';
import { ConsoleSocket } from './socket/console.ts';
import { ExamSocket } from './socket/exam.ts';
import { createApp, listen } from './socket/listen.ts';
import { Sockets } from './socket/sockets.ts';

const RATE_STEP_MS = 2000;
const TICKET_SWEEP_MS = 60_000;

/** What tests replace. */
export interface Overrides {
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** A running server. */
export interface Server {
  readonly url: string;
  readonly log: Logger;
  /** For the page where the first admin is made; undefined once there is one. */
  readonly setupLink: string | undefined;
  readonly pool: InferencePool;
  readonly sockets: Sockets;
  readonly registry: Registry;
  readonly metrics: Metrics;
  /** Stops accepting, closes the sockets over the drain time, commits what waits, closes everything. */
  close(options?: { drainMs?: number }): Promise<void>;
}

function readVersion(config: Config): string {
  const file = readFileSync(join(config.pages, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

/** Builds everything in order, and closes it in reverse. */
export async function startServer(config: Config, secrets: Secrets, overrides: Overrides = {}): Promise<Server> {
  const clock = overrides.clock ?? Date.now;
  const log = overrides.log ?? createLog(config.logLevel);
  const metrics = new Metrics();
  const database = await openDatabase({
    url: secrets.databaseUrl,
    dataDir: config.dataDir,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const { db } = database;
  const closers: (() => void | Promise<void>)[] = [() => database.close()];
  try {
    const migrated = await migrate(db);
    log.info({ database: database.kind, durability: database.durability, migrated }, 'database is open');

    const passwords = new Passwords();
    const access = new AccessTokens(secrets.jwtSecret, clock);
    const revocations = new Revocations();
    const tickets = new Tickets(db, clock);
    const logins = new Logins(db, { passwords, access, throttle: new LoginThrottle(), revocations, clock });
    const firstAdmin = new FirstAdmin(db, passwords);
    const setupToken = await firstAdmin.prepare(secrets.admin);

    const pool = new InferencePool(config.models, config.inferenceThreads, log, metrics);
    closers.push(() => pool.close());
    const rate = new RateControl();
    const scheduler = new Scheduler(pool, clock, (ms) => {
      metrics.queueWait.observe(Math.max(0, ms) / 1000);
      rate.waited(ms);
    });
    const journal = new Journal(db, log, metrics);
    const feed = new LocalFeed();
    const models = () => (pool.vision.state === 'off' ? undefined : pool.vision.state === 'on' ? pool.vision.models : []);
    const registry = new Registry(db, { journal, feed, clock, models, scheduler, rate, metrics }, log);
    pool.onChange = () => {
      scheduler.pump();
      if (pool.vision.state === 'off') registry.retuneAll();
    };
    pool.start();
    registry.start();

    const rateTimer = setInterval(() => {
      if (!rate.step()) return;
      metrics.rateScale.set(rate.scale);
      registry.retuneAll();
    }, RATE_STEP_MS);
    const ticketTimer = setInterval(() => {
      tickets.sweep().catch((error: unknown) => log.debug({ err: error }, 'sweeping tickets failed'));
    }, TICKET_SWEEP_MS);

    const stopRetention = startRetention(db, clock, log);

    let stopping = false;
    const sockets = new Sockets(revocations, clock);
    const app = createApp();
    registerService(app, {
      version: readVersion(config),
      database,
      vision: () => pool.vision,
      storeIsThere: () => journal.storeIsThere,
      stopping: () => stopping,
      metrics,
    });
    const routes = [
      ...authRoutes({ db, logins, passwords, firstAdmin }),
      ...examRoutes({ db, clock }),
      ...sessionRoutes({ db, registry, tickets, clock }),
    ];
    registerRoutes(app, routes, { db, access, log, metrics });
    const listener = await listen(app, config.host, config.port, {
      tickets,
      allowedOrigins: config.allowedOrigins,
      log,
      metrics,
      sockets,
      exam: (connection) => new ExamSocket(connection, connection.identity.sessionId ?? '', { registry, tickets, log }),
      console: (connection) => new ConsoleSocket(connection, { db, registry, feed, tickets, clock, log }),
    });
    registerPages(app, config.pages);

    const shownHost = config.host.includes(':') ? `[${config.host}]` : config.host === '0.0.0.0' ? 'localhost' : config.host;
    const url = `http://${shownHost}:${listener.port}`;
    return {
      url,
      log,
      setupLink: setupToken && `${url}/setup#${setupToken}`,
      pool,
      sockets,
      registry,
      metrics,
      close: async ({ drainMs = config.drainMs } = {}) => {
        stopping = true;
        clearInterval(rateTimer);
        clearInterval(ticketTimer);
        stopRetention();
        listener.stop();
        await sockets.drain(drainMs);
        // The last socket's close arrives in a later turn, and leaves its own entries behind.
        await new Promise((resolve) => setTimeout(resolve, 50));
        registry.stop();
        if (!(await journal.drain(Math.max(2000, drainMs)))) log.warn({ waiting: journal.waiting }, 'changes were not committed; they were not acknowledged');
        journal.stop();
        listener.close();
        for (const close of closers.toReversed()) await close();
      },
    };
  } catch (error) {
    for (const close of closers.toReversed()) await close();
    throw error;
  }
}
