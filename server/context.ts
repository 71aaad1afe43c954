import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdForProcess } from '../db/exclusive.ts';
import type { Db } from '../db/executor.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { findEvent } from '../db/events.ts';
import { findLogins, type LoginKey, type LoginState } from '../db/logins.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { AddressDigests } from './audit/security/address-digests.ts';
import { SecurityLog } from './audit/security/security-log.ts';
import { staleAdminSettings } from './auth/accounts/configured-admin.ts';
import { Passkeys } from './auth/factors/passkeys.ts';
import { SecondFactors } from './auth/factors/second-factors.ts';
import { SecondStep } from './auth/factors/second-step.ts';
import { SecretSeal } from './auth/factors/secret-seal.ts';
import { StepUp } from './auth/factors/step-up.ts';
import { Resets } from './auth/passwords/resets.ts';
import { FirstAdmin } from './auth/accounts/first-admin.ts';
import { openAudit } from './audit/open-audit.ts';
import type { LogState } from './audit/tree/tree-writer.ts';
import { authenticate, claimsOf } from './auth/logins/authenticate.ts';
import { DeviceCookies } from './auth/logins/device-cookies.ts';
import { Logins } from './auth/logins/logins.ts';
import { LoginThrottle } from './auth/throttling/login-throttle.ts';
import { Passwords } from './auth/passwords/passwords.ts';
import { Revocations } from './auth/logins/revocations.ts';
import { Tickets } from './auth/tickets/tickets.ts';
import { Registration } from './auth/accounts/registration.ts';
import { RefreshCodec } from './auth/logins/refresh-codec.ts';
import { AccessTokens } from './auth/logins/tokens.ts';
import { Batch } from './batch.ts';
import type { Clock } from './clock.ts';
import { type Config, ConfigError, type Secrets } from './config.ts';
import { openEvidence } from './evidence/open-evidence.ts';
import type { EvidenceStore } from './evidence/store.ts';
import { LocalFeed } from './feed/local.ts';
import { secureFolders } from './folders/secure-folders.ts';
import { TrustedProxies } from './http/edge/client-address.ts';
import { Edge } from './http/edge/edge.ts';
import { guardHosts } from './http/edge/host-guard.ts';
import { apiDocument } from './http/openapi/openapi.ts';
import { MonitorToken } from './http/routes/service/monitor-token.ts';
import { OwnHosts } from './http/edge/own-hosts.ts';
import { registerPages } from './http/pages.ts';
import { RequestLines } from './http/limits/request-lines.ts';
import { registerRoutes } from './http/pipeline/router.ts';
import { serviceRoutes } from './http/routes/service/service-routes.ts';
import { routeTable } from './http/route-table.ts';
import { InferencePool } from './inference/pool.ts';
import { Scheduler } from './inference/scheduler.ts';
import { LoadShedding } from './inference/load-shedding.ts';
import { createLog, type Logger } from './log.ts';
import { Metrics } from './metrics.ts';
import type { EvidenceAccess } from './session/record/session-recorder.ts';
import { Backlog, LEVELS } from './session/record/backlog.ts';
import { GroupWriter } from './session/record/group-writer.ts';
import { WriteQueue } from './session/record/write-queue.ts';
import { addLatePicture } from './session/record/late-picture.ts';
import { SessionRegistry } from './session/live/session-registry.ts';
import { Reviews } from './session/review/reviews.ts';
import { startRetention } from './session/record/retention.ts';
import { Admission } from './socket/admission.ts';
import { CameraWatches } from './socket/camera-watches.ts';
import { ConsoleSocket } from './socket/console.ts';
import { ExamSocket } from './socket/exam.ts';
import { createApp, listen, registerSockets } from './socket/listen.ts';
import { Sockets } from './socket/sockets.ts';
import { SystemChecks } from './system-check/check.ts';

const RATE_STEP_MS = 2000;
const TICKET_SWEEP_MS = 60_000;
const LOGIN_SWEEP_MS = 600_000;

/** What tests replace. */
export interface Overrides {
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly evidenceStore?: EvidenceStore;
  /** What the log costs is measured beside one that leaves events out. */
  readonly eventsInLog?: boolean;
  /**
   * Path of the module that is run as the inference host. No setting names it: only code that starts the server can.
   */
  readonly inferenceHost?: string;
  /** The open database, made to fail or to wait. */
  readonly db?: (real: Db) => Db;
}

/** A running server. */
export interface Server {
  readonly url: string;
  /** For the page where the first admin is made; undefined once there is one. */
  readonly setupLink: string | undefined;
  readonly pool: InferencePool;
  /** Stops accepting, closes the sockets over the drain time, commits what waits, closes everything. */
  close(options?: { drainMs?: number }): Promise<void>;
}

function readVersion(config: Config): string {
  const file = readFileSync(join(config.pages, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

function addressOf(host: string, port: number): string {
  const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? 'localhost' : host;
  return `http://${shown}:${port}`;
}

/** Runs what was pushed, newest first; for a start that fails half-way and for the end. */
class Closers {
  readonly #all: (() => void | Promise<void>)[] = [];

  push(close: () => void | Promise<void>): void {
    this.#all.push(close);
  }

  every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    this.push(() => clearInterval(timer));
  }

  async run(): Promise<void> {
    for (let close = this.#all.pop(); close; close = this.#all.pop()) await close();
  }
}

/** A server that is being replaced drains, and commits what waits, before it lets the next one in. */
const HANDOVER_MS = 10_000;

function holdDatabase(url: string, drainMs: number, log: Logger): Promise<() => Promise<void>> {
  return holdForProcess({
    url,
    waitMs: drainMs + HANDOVER_MS,
    onWait: (what, error) => log.warn({ err: error }, what),
    onTaken: (error) => {
      log.fatal(
        { err: error },
        'another server took this database while the connection to it was lost: this process ends, and writes nothing more; what was acknowledged is stored',
      );
      process.exit(1);
    },
  });
}

/** Builds everything in order, and closes it in reverse. */
export async function startServer(config: Config, secrets: Secrets, overrides: Overrides = {}): Promise<Server> {
  const closers = new Closers();
  try {
    return await build(config, secrets, overrides, closers);
  } catch (error) {
    await closers.run();
    throw error;
  }
}

async function build(config: Config, secrets: Secrets, overrides: Overrides, closers: Closers): Promise<Server> {
  const clock = overrides.clock ?? Date.now;
  const log = overrides.log ?? createLog(config.logLevel);
  const metrics = new Metrics();
  const pool = new InferencePool(config.models, config.inferenceThreads, log, metrics, {
    entry: overrides.inferenceHost,
  });

  // Listens first: making an embedded database takes seconds, and /health has to answer meanwhile.
  let phase: 'starting' | 'ok' | 'stopping' = 'starting';
  let store: () => { kind: string; durability: 'process-crash' | 'power-loss'; there: boolean } | undefined = () =>
    undefined;
  let auditState: () => LogState | undefined = () => undefined;
  const version = readVersion(config);
  const bare = createApp();
  const hosts = new OwnHosts(config.publicUrls, config.host);
  const edge = new Edge(config.limits, new TrustedProxies(config.trustedProxies), {
    metrics,
    log,
    hosts,
    strictTransport: config.production,
  });
  edge.attach(bare);
  // Before there is a database nothing can be recorded.
  let record: SecurityLog['record'] = () => {};
  const app = guardHosts(bare, edge, log, (address) =>
    record({ kind: 'host_refused', actor: null, target: null, address }),
  );
  const service = serviceRoutes({
    version,
    metrics,
    monitor: new MonitorToken(secrets.metricsToken, config.production),
    phase: () => phase,
    store: () => store(),
    vision: () => pool.vision,
    audit: () => auditState(),
    evidence: secrets.evidenceKey !== undefined,
    selfRegistration: config.selfRegistration,
    apiDocs: config.apiDocs,
  });
  const { allowedOrigins } = config;
  const starting = () =>
    Promise.reject(new ProtocolError('unavailable', 'the server is starting', { retryable: true }));
  registerRoutes(app, service, {
    authenticate: starting,
    claims: starting,
    lines: undefined,
    stepUp: { check: starting },
    edge,
    allowedOrigins,
    log,
    metrics,
    security: { record: () => {} },
  });
  registerPages(app, config.pages, edge, () => phase !== 'starting', config.apiDocs ? [] : ['/docs']);
  const listener = await listen(bare, config.host, config.port, config);
  closers.push(() => listener.close());
  const url = addressOf(config.host, listener.port);

  await secureFolders(config, log);
  if (secrets.databaseUrl !== undefined && config.databaseLock)
    closers.push(await holdDatabase(secrets.databaseUrl, config.drainMs, log));
  const onError = (error: Error) => log.warn({ err: error }, 'database connection lost');
  const onBroken = (error: Error) => {
    log.fatal(
      { err: error },
      'the embedded database has failed: this process ends, to be started anew by whatever runs it; what was acknowledged is stored',
    );
    process.exit(1);
  };
  const database = await openDatabase({ url: secrets.databaseUrl, dataDir: config.dataDir, onError, onBroken });
  closers.push(() => database.close());
  const migrated = await migrate(database.db);
  const db = overrides.db?.(database.db) ?? database.db;
  // A database that is made to fail fails for everybody.
  const urgent = overrides.db ? db : database.urgent;
  log.info({ database: database.kind, durability: database.durability, migrated }, 'database is open');

  const audit = await openAudit({ db, clock, log, metrics }, config.auditDir, secrets.auditKey);
  closers.push(() => audit.writer.stop());
  audit.writer.start();
  auditState = () => audit.writer.state;

  const passwords = new Passwords(() => metrics.passwordHashes.inc());
  const access = new AccessTokens(secrets.jwtSecret, clock);
  const revocations = new Revocations();
  const addresses = new AddressDigests(db, { secret: secrets.auditKey, days: config.addressDigestDays, clock });
  const security = new SecurityLog(db, { addresses, clock, log, metrics });
  record = (act) => security.record(act);
  const tickets = new Tickets(urgent, secrets.jwtSecret, clock);
  const { secondFactorRoles, dataDir } = config;
  const factors = new SecondFactors(db, {
    seal: new SecretSeal(secrets.jwtSecret),
    passkeys: new Passkeys(clock),
    clock,
    security,
    requiredOf: (role) => secondFactorRoles.includes(role),
  });
  const stepUp = new StepUp(db, factors, clock);
  const secondStep = new SecondStep(db, factors, clock);
  const logins = new Logins(db, {
    passwords,
    access,
    codec: new RefreshCodec(secrets.jwtSecret),
    throttle: new LoginThrottle(),
    revocations,
    security,
    clock,
    lifeMs: config.loginLifeMs,
    secondStep,
  });
  const registration = new Registration({ db, passwords, logins, security, open: config.selfRegistration });
  const deviceCookies = new DeviceCookies(secrets.jwtSecret, clock);
  const resets = new Resets({ db, dataDir, passwords, revocations, clock, security });
  const firstAdmin = new FirstAdmin(db, passwords);
  const setupToken = await firstAdmin.prepare(secrets.admin).catch((error: unknown) => {
    throw error instanceof ProtocolError && error.code === 'weak_password'
      ? new ConfigError(`ADMIN_PASSWORD: ${error.message}`)
      : error;
  });
  const stale = secrets.admin && (await staleAdminSettings(db, passwords, secrets.admin));
  if (stale) log.warn(stale);

  const rate = new LoadShedding();
  const scheduler = new Scheduler(pool, {
    now: clock,
    onWait: (ms, costly) => {
      metrics.queueWait.observe(Math.max(0, ms) / 1000);
      if (!costly) rate.waited(ms);
    },
    onError: (error) => log.error({ err: error }, 'a result was not taken'),
  });
  const backlog = new Backlog(config.backlogBytes);
  const writeQueue = new WriteQueue(new GroupWriter(urgent, overrides), log, metrics, backlog);
  store = () => ({ ...database, there: writeQueue.storeIsThere });
  const feed = new LocalFeed();
  const pictures = openEvidence(
    { db, clock, log, metrics },
    config.evidenceDir,
    secrets.evidenceKey,
    overrides.evidenceStore,
  );
  const evidence: EvidenceAccess | undefined = pictures.evidenceWriter && {
    evidenceWriter: pictures.evidenceWriter,
    findEvent: (id) => findEvent(db, id),
    addLate: (row, act) => addLatePicture(db, row, act),
  };
  const models = () => (pool.vision.state === 'off' ? undefined : pool.vision.state === 'on' ? pool.vision.models : []);
  const registry = new SessionRegistry(
    db,
    { writeQueue, feed, clock, models, evidence, scheduler, rate, metrics },
    log,
  );
  const reviews = new Reviews(db, registry, { writeQueue, feed, clock, models });
  backlog.onPressure = (pressure) => {
    log.warn({ pressure, waiting: writeQueue.waiting, bytes: backlog.bytes }, 'changes wait for the database');
    rate.isHeld = pressure !== 'none';
    metrics.journalPressure.set(LEVELS.indexOf(pressure));
    // Not in the middle of what appended: a session is in order between turns.
    queueMicrotask(() => registry.press(writeQueue.pressure));
  };
  let wasOff = false;
  pool.onChange = () => {
    scheduler.pump();
    const isOff = pool.vision.state === 'off';
    if (isOff || wasOff) registry.retuneAll();
    wasOff = isOff;
  };
  closers.push(() => pool.close());
  pool.start();
  registry.start();

  closers.every(RATE_STEP_MS, () => {
    scheduler.judge();
    if (!rate.step()) return;
    metrics.rateScale.set(rate.scale);
    registry.retuneAll();
  });
  closers.every(TICKET_SWEEP_MS, () => {
    tickets.sweep().catch((error: unknown) => log.debug({ err: error }, 'sweeping tickets failed'));
  });
  closers.every(LOGIN_SWEEP_MS, () => {
    logins.forgetFinished().catch((error: unknown) => log.debug({ err: error }, 'sweeping logins failed'));
  });
  closers.push(startRetention({ db, pictures: pictures.evidenceRetention, addresses, clock, log }));

  const sockets = new Sockets(revocations, clock);
  const watches = new CameraWatches(security, clock);
  const loginStates = new Batch<LoginKey, LoginState | undefined>((keys) => findLogins(db, keys));
  const systemChecks = new SystemChecks({ scheduler, vision: () => pool.vision, metrics });
  const accountParts = {
    dataDir,
    factors,
    stepUp,
    secondStep,
    resets,
    isOwnOrigin: (origin: string, host: string) => hosts.isOwnOrigin(origin, host),
  };
  const authenticated = (authorization: string) =>
    authenticate((key) => loginStates.find(key), access, authorization, secondFactorRoles);
  const routes = routeTable({
    db,
    ...accountParts,
    registration,
    deviceCookies,
    authenticate: authenticated,
    openExamList: config.openExamList,
    examsOpenTo: config.examsOpenTo,
    logins,
    passwords,
    firstAdmin,
    revocations,
    registry,
    reviews,
    tickets,
    clock,
    pictures: pictures.evidenceRetention,
    evidenceReader: pictures.evidenceReader,
    systemChecks,
    security,
    addresses,
    verifierKey: await audit.signer.verifierKey(),
    auditVerifier: audit.verifier,
  });
  const api = apiDocument([...routes, ...service], version);
  registerRoutes(app, config.apiDocs ? [...routes, api] : routes, {
    authenticate: authenticated,
    claims: (authorization) => claimsOf(access, authorization),
    lines: new RequestLines(database.kind),
    edge,
    stepUp,
    allowedOrigins,
    log,
    metrics,
    security,
  });
  registerSockets(app, {
    edge,
    admission: new Admission(config.limits.socketsPerAddress, config.limits.socketsPerUser, metrics),
    tickets,
    allowedOrigins,
    log,
    metrics,
    security,
    sockets,
    exam: (connection) => new ExamSocket(connection, connection.identity.sessionId ?? '', { registry, tickets, log }),
    console: (connection) => new ConsoleSocket(connection, { watches, db, registry, feed, tickets, clock, log }),
  });
  phase = 'ok';

  return {
    url,
    setupLink: setupToken && `${url}/setup#${setupToken}`,
    pool,
    close: async ({ drainMs = config.drainMs } = {}) => {
      phase = 'stopping';
      listener.stop();
      await sockets.drain(drainMs);
      // The last socket's close arrives in a later turn, and leaves its own entries behind.
      await new Promise((resolve) => setTimeout(resolve, 50));
      registry.stop();
      // Before the write queue: what is stored has rows that it writes.
      await pictures.evidenceWriter?.stop(Math.max(2000, drainMs));
      if (!(await writeQueue.drain(Math.max(2000, drainMs))))
        log.warn({ waiting: writeQueue.waiting }, 'changes were not committed; they were not acknowledged');
      writeQueue.stop();
      // Before the database: a request that is still open would only fail on it.
      listener.close();
      watches.stop();
      await security.stop(Math.max(2000, drainMs));
      await closers.run();
    },
  };
}
