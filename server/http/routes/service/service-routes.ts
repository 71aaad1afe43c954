import { z } from 'zod';
import { ProtocolError } from '../../../../protocol/errors.ts';
import type { Durability } from '../../../../db/open.ts';
import type { LogState } from '../../../audit/tree/tree-writer.ts';
import type { Vision } from '../../../inference/pool.ts';
import type { LogOutput } from '../../../line-writer.ts';
import type { Metrics } from '../../../metrics.ts';
import type { MonitorToken } from './monitor-token.ts';
import { openRoute, Reply, type Route } from '../../pipeline/route.ts';

export interface ServiceParts {
  readonly version: string;
  readonly metrics: Metrics;
  readonly monitor: MonitorToken;
  readonly phase: () => 'starting' | 'ok' | 'stopping';
  /** Undefined until it is open. `isUp`: the last commit and the last probe succeeded. */
  readonly database: () =>
    { readonly engine: 'pglite' | 'postgres'; readonly durability: Durability; readonly isUp: boolean } | undefined;
  readonly vision: () => Vision;
  /** State of the audit log; undefined until the database is open. */
  readonly audit: () => LogState | undefined;
  /** Destination of the log lines; undefined if it is not known. */
  readonly logs: () => LogOutput | undefined;
  /** Whether pictures of incidents can be stored: `EVIDENCE_KEY` is set. */
  readonly evidence: boolean;
  /** Whether self-registration is enabled. */
  readonly selfRegistration: boolean;
  /** Whether `/docs` and `/openapi.json` are served. */
  readonly apiDocs: boolean;
}

/** The required fields are public; the others require the monitoring token in production. */
const Health = z.object({
  status: z.enum(['starting', 'ok', 'stopping']),
  database: z.enum(['up', 'down']).describe('Result of the last commit, and of a query every 2 s.'),
  store: z.enum(['there', 'away']).describe('Deprecated, removed in the next version: use `database`.'),
  vision: z.enum(['starting', 'on', 'off']),
  selfRegistration: z.enum(['on', 'off']).describe('Whether `POST /api/auth/register` is enabled.'),
  apiDocs: z.enum(['on', 'off']).describe('Whether `/docs` and `/openapi.json` are served.'),
  version: z.string().optional(),
  databaseEngine: z.enum(['pglite', 'postgres']).optional(),
  durability: z.enum(['process-crash', 'power-loss']).optional().describe('Failure that acknowledged events survive.'),
  visionReason: z.string().optional(),
  models: z.array(z.string()).optional(),
  audit: z
    .enum(['ok', 'behind', 'changed'])
    .optional()
    .describe(
      '`behind`: entries are queued and unsigned. `changed`: the log differs from what was signed; investigate.',
    ),
  logs: z
    .enum(['up', 'degraded'])
    .optional()
    .describe('`degraded`: standard output takes no log lines; some are lost. Nothing else is affected.'),
  evidence: z.enum(['on', 'off']).optional().describe('`off`: no pictures are stored, regardless of policies.'),
  evidenceReason: z.string().optional(),
});

const Ready = z.object({ ready: z.boolean() });

function health(parts: ServiceParts): z.input<typeof Health> {
  const vision = parts.vision();
  const database = parts.database();
  const audit = parts.audit();
  const logs = parts.logs();
  return {
    ...stateOf(parts),
    version: parts.version,
    ...(database && { databaseEngine: database.engine, durability: database.durability }),
    ...(vision.state !== 'on' && vision.reason !== undefined ? { visionReason: vision.reason } : {}),
    ...(vision.state === 'on' ? { models: vision.models.map((model) => `${model.name}@${model.version}`) } : {}),
    ...(audit && { audit }),
    ...(logs && { logs: logs.isUp ? 'up' : 'degraded' }),
    evidence: parts.evidence ? 'on' : 'off',
    ...(parts.evidence ? {} : { evidenceReason: 'EVIDENCE_KEY is not set' }),
  };
}

/** Public part: shown by the system check, and of no use to an attacker. */
function stateOf(
  parts: ServiceParts,
): Pick<z.input<typeof Health>, 'status' | 'database' | 'store' | 'vision' | 'selfRegistration' | 'apiDocs'> {
  const isUp = parts.database()?.isUp === true;
  return {
    status: parts.phase(),
    database: isUp ? 'up' : 'down',
    store: isUp ? 'there' : 'away',
    vision: parts.vision().state,
    selfRegistration: parts.selfRegistration ? 'on' : 'off',
    apiDocs: parts.apiDocs ? 'on' : 'off',
  };
}

/** Liveness, readiness and metrics: without a login and without waiting for the database, so they answer when it is down. */
export function serviceRoutes(parts: ServiceParts): Route[] {
  return [
    openRoute({
      line: 'own',
      method: 'GET',
      path: '/health',
      tag: 'Service',
      summary: 'Liveness and component status',
      description: 'Details such as version and models require the monitoring token (`METRICS_TOKEN`) in production.',
      answer: Health,
      handle: ({ authorization }) =>
        Promise.resolve(parts.monitor.admits(authorization) ? health(parts) : stateOf(parts)),
    }),
    openRoute({
      line: 'own',
      method: 'GET',
      path: '/ready',
      tag: 'Service',
      summary: 'Readiness for traffic',
      description: '503 while starting or stopping, and while the database does not answer or takes no writes.',
      answer: Ready,
      also: { 503: Ready },
      handle: () => {
        const ready = parts.phase() === 'ok' && parts.database()?.isUp === true && parts.vision().state !== 'starting';
        return Promise.resolve(new Reply(ready ? 200 : 503, { ready }));
      },
    }),
    openRoute({
      line: 'own',
      method: 'GET',
      path: '/metrics',
      tag: 'Service',
      summary: 'Metrics in Prometheus text format',
      description: 'Requires the monitoring token (`METRICS_TOKEN`) in production.',
      problems: ['not_found'],
      answer: z.string(),
      produces: parts.metrics.registry.contentType,
      handle: ({ authorization }) => {
        if (!parts.monitor.admits(authorization)) throw new ProtocolError('not_found', 'not found');
        return parts.metrics.registry.metrics();
      },
    }),
  ];
}
