import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplatedApp } from 'uWebSockets.js';
import { ProtocolError } from '../../protocol/errors.ts';
import type { SecurityLog } from '../audit/security/security-log.ts';
import type { Config, Secrets } from '../config.ts';
import { TrustedProxies } from '../http/edge/client-address.ts';
import { underBasePath } from '../http/edge/base-path.ts';
import { Edge } from '../http/edge/edge.ts';
import { guardHosts } from '../http/edge/host-guard.ts';
import { OwnHosts } from '../http/edge/own-hosts.ts';
import { registerPages } from '../http/pages.ts';
import type { Route } from '../http/pipeline/route.ts';
import { registerRoutes } from '../http/pipeline/router.ts';
import { MonitorToken } from '../http/routes/service/monitor-token.ts';
import { socketCheckRoute } from '../http/routes/service/socket-check-route.ts';
import { serviceRoutes } from '../http/routes/service/service-routes.ts';
import type { InferencePool } from '../inference/pool.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createApp, listen } from '../socket/listen.ts';
import type { Shutdown } from './shutdown.ts';
import type { Status } from './status.ts';

export interface EdgeParts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly pool: InferencePool;
  readonly status: Status;
  readonly shutdown: Shutdown;
}

/** The listening server: pages and service routes; the rest of the API is added when the database is open. */
export interface OpenEdge {
  readonly app: TemplatedApp;
  readonly edge: Edge;
  readonly hosts: OwnHosts;
  readonly service: readonly Route[];
  readonly version: string;
  readonly url: string;
  /** Refused hosts are recorded there from then on. */
  recordIn(security: Pick<SecurityLog, 'record'>): void;
}

function readVersion(config: Config): string {
  const file = readFileSync(join(config.pages, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

function addressOf(host: string, port: number): string {
  const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? 'localhost' : host;
  return `http://${shown}:${port}`;
}

const starting = () => Promise.reject(new ProtocolError('unavailable', 'server is starting', { retryable: true }));

/**
 * Listens before anything else is open: creating an embedded database takes seconds, and `/health` has to answer
 * meanwhile.
 */
export async function openEdge(config: Config, secrets: Secrets, parts: EdgeParts): Promise<OpenEdge> {
  const { log, metrics, pool, status, shutdown } = parts;
  const bare = createApp();
  const hosts = new OwnHosts(config.publicUrls, config.host);
  const edge = new Edge(config.limits, new TrustedProxies(config.trustedProxies, config.addressHeader), {
    metrics,
    log,
    hosts,
    basePath: config.basePath,
    allowedOrigins: config.allowedOrigins,
    strictTransport: config.production,
  });
  edge.attach(bare);
  let security: Pick<SecurityLog, 'record'> = { record: () => {} };
  const app = guardHosts(underBasePath(bare, config.basePath), edge, (address) =>
    security.record({ kind: 'host_refused', actor: null, target: null, address }),
  );
  const version = readVersion(config);
  const service = [
    socketCheckRoute(edge.faults),
    ...serviceRoutes({
      version,
      metrics,
      monitor: new MonitorToken(secrets.metricsToken, config.production),
      phase: () => status.phase,
      database: () => status.database(),
      vision: () => pool.vision,
      audit: () => status.audit(),
      logs: () => status.logs(),
      evidence: secrets.evidenceKey !== undefined,
      selfRegistration: config.selfRegistration,
      apiDocs: config.apiDocs,
    }),
  ];
  registerRoutes(app, service, {
    authenticate: starting,
    signer: starting,
    lines: undefined,
    stepUp: { check: starting },
    edge,
    allowedOrigins: config.allowedOrigins,
    log,
    metrics,
    security: { record: () => {} },
  });
  registerPages(app, config.pages, edge, () => status.phase !== 'starting', config.apiDocs ? [] : ['/docs']);
  const listener = await listen(bare, config.host, config.port, config);
  shutdown.on('listener', () => listener.stop());
  shutdown.on('requests', () => listener.close());
  return {
    app,
    edge,
    hosts,
    service,
    version,
    url: addressOf(config.host, listener.port),
    recordIn: (securityLog) => (security = securityLog),
  };
}
