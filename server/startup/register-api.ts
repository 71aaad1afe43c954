import type { Db } from '../../db/executor.ts';
import type { AuditTree } from '../audit/open-audit.ts';
import type { AddressDigests } from '../audit/security/address-digests.ts';
import type { SecurityLog } from '../audit/security/security-log.ts';
import type { Clock, Timers } from '../clock.ts';
import type { Config } from '../config.ts';
import { RequestLines } from '../http/limits/request-lines.ts';
import { apiDocument } from '../http/openapi/openapi.ts';
import { socketMessages } from '../http/openapi/socket-messages.ts';
import { registerRoutes } from '../http/pipeline/router.ts';
import { routeTable } from '../http/route-table.ts';
import { Imports } from '../import/import.ts';
import type { InferencePool } from '../inference/pool.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Admission } from '../socket/admission.ts';
import { registerCheckSocket } from '../socket/check-socket.ts';
import { CameraWatches } from '../socket/camera-watches.ts';
import { ConsoleSocket } from '../socket/console.ts';
import { ExamSocket } from '../socket/exam.ts';
import { registerSockets } from '../socket/listen.ts';
import { Sockets } from '../socket/sockets.ts';
import { SystemChecks } from '../system-check/check.ts';
import type { SystemState } from '../system/system.ts';
import { CheckVisits } from '../system-check/visits.ts';
import { every } from './every.ts';
import type { Accounts } from './open-accounts.ts';
import type { OpenEdge } from './open-edge.ts';
import type { Sessions } from './open-sessions.ts';
import { followNames, type FollowNamesParts } from '../session/live/follow-names.ts';
import { followMoves } from '../session/live/move-sessions.ts';
import type { Shutdown } from './shutdown.ts';

/** A login that another process has ended closes its sockets within this time, also without a message, ms. */
const RECHECK_MS = 5000;

export interface ApiParts {
  readonly isShared: boolean;
  readonly open: OpenEdge;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly system: SystemState;
  readonly audit: AuditTree;
  readonly security: SecurityLog;
  readonly addresses: AddressDigests;
  readonly database: { readonly connections: number | undefined };
  readonly db: Db;
  readonly pool: InferencePool;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
}

/** Opens every route and both sockets to clients. */
export async function registerApi(config: Config, parts: ApiParts): Promise<void> {
  await registerHttpRoutes(config, parts);
  registerSocketRoutes(config, parts);
}

async function registerHttpRoutes(config: Config, parts: ApiParts): Promise<void> {
  const { open, accounts, sessions, audit, security, addresses, db, pool, clock, log, metrics } = parts;
  const { hosts, edge, service } = open;
  const renameStaff: FollowNamesParts['renameStaff'] = (people) => sessions.desk.rename(people);
  const named = (ids: readonly string[]) => followNames({ ...sessions, db, clock, renameStaff }, ids);
  const routes = routeTable({
    ...accounts,
    db,
    clock,
    security,
    addresses,
    dataDir: config.dataDir,
    basePath: config.basePath,
    openExamList: config.openExamList,
    examDefaults: config.examDefaults,
    isOwnOrigin: (origin, host) => hosts.isOwnOrigin(origin, host),
    registry: sessions.registry,
    sessions: sessions.door,
    access: sessions.access,
    reviews: sessions.reviews,
    team: sessions.team,
    followNames: named,
    pictures: sessions.evidence.evidenceRetention,
    evidenceReader: sessions.evidence.evidenceReader,
    checkInPictures: sessions.evidence.checkInPictures,
    systemChecks: new SystemChecks({ scheduler: sessions.scheduler, vision: () => pool.vision, metrics }),
    imports: new Imports({
      db,
      clock,
      resets: accounts.resets,
      followMoves: (moved) => followMoves(sessions.door, moved),
      followNames: named,
      basePath: config.basePath,
    }),
    verifierKey: await audit.signer.verifierKey(),
    auditVerifier: audit.verifier,
    verification: audit.verification,
    system: parts.system,
    log,
  });
  const messages = socketMessages();
  const api = apiDocument([...routes, messages, ...service], open.version, config.basePath);
  registerRoutes(open.app, config.apiDocs ? [...routes, messages, api] : routes, {
    authenticate: accounts.caller,
    signer: accounts.signer,
    lines: new RequestLines(parts.database.connections),
    edge,
    stepUp: accounts.stepUp,
    allowedOrigins: config.allowedOrigins,
    log,
    metrics,
    security,
  });
}

function registerSocketRoutes(config: Config, parts: ApiParts): void {
  const { open, accounts, sessions, security, db, clock, timers, log, metrics, shutdown } = parts;
  const { tickets } = accounts;
  const { registry, door, feed, access, desk } = sessions;
  const sockets = new Sockets(accounts.revocations, clock, timers);
  shutdown.on('sockets', ({ drainMs }) => sockets.drain(drainMs));
  if (parts.isShared)
    every(
      RECHECK_MS,
      shutdown.signal,
      () =>
        void sockets
          .recheck((all) => tickets.standings(all))
          .catch((error: unknown) => log.debug({ err: error }, 'logins of sockets are unknown')),
      timers,
    );
  const watches = new CameraWatches(security, clock, timers, (session, isWatched) =>
    registry.find(session)?.watched(isWatched),
  );
  shutdown.on('camera-watches', () => watches.stop());
  registerCheckSocket(open.app, {
    edge: open.edge,
    visits: new CheckVisits(metrics),
    allowedOrigins: config.allowedOrigins,
    clock,
    timers,
    metrics,
  });
  registerSockets(open.app, {
    edge: open.edge,
    admission: new Admission(config.limits.socketsPerAddress, config.limits.socketsPerUser, metrics),
    tickets,
    allowedOrigins: config.allowedOrigins,
    log,
    metrics,
    security,
    sockets,
    exam: (connection) =>
      new ExamSocket(connection, connection.identity.sessionId ?? '', { registry, tickets, timers, log }),
    console: (connection) =>
      new ConsoleSocket(connection, { access, watches, db, registry, sessions: door, feed, desk, tickets, clock, log }),
  });
}
