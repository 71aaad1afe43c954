import { z } from 'zod';
import { ProtocolError } from '../../../../protocol/errors.ts';
import type { Durability } from '../../../../db/open.ts';
import type { LogState } from '../../../audit/tree/tree-writer.ts';
import type { Vision } from '../../../inference/pool.ts';
import type { Metrics } from '../../../metrics.ts';
import type { MonitorToken } from './monitor-token.ts';
import { openRoute, Reply, type Route } from '../../pipeline/route.ts';

export interface ServiceParts {
  readonly version: string;
  readonly metrics: Metrics;
  readonly monitor: MonitorToken;
  readonly phase: () => 'starting' | 'ok' | 'stopping';
  /** Undefined until it is open. `there`: the last commit worked. */
  readonly store: () => { readonly kind: string; readonly durability: Durability; readonly there: boolean } | undefined;
  readonly vision: () => Vision;
  /** Of the audit log; undefined until the database is open. */
  readonly audit: () => LogState | undefined;
  /** Whether there is a key for pictures of incidents. */
  readonly evidence: boolean;
  /** Whether people make accounts for themselves. */
  readonly selfRegistration: boolean;
  /** Whether `/docs` and `/openapi.json` are there. */
  readonly apiDocs: boolean;
}

/** In production strangers are told the first five. */
const Health = z.object({
  status: z.enum(['starting', 'ok', 'stopping']),
  store: z.enum(['there', 'away']),
  vision: z.enum(['starting', 'on', 'off']),
  /** Whether people make accounts for themselves: `POST /api/auth/register`. */
  selfRegistration: z.enum(['on', 'off']),
  /** Whether this description and the page `/docs` are there. */
  apiDocs: z.enum(['on', 'off']),
  version: z.string().optional(),
  database: z.string().optional(),
  /** What an acknowledged event survives. */
  durability: z.enum(['process-crash', 'power-loss']).optional(),
  visionReason: z.string().optional(),
  models: z.array(z.string()).optional(),
  /**
   * `behind`: entries wait for their place and are not signed. `changed`: the log is not what was signed before; a
   * person has to look.
   */
  audit: z.enum(['ok', 'behind', 'changed']).optional(),
  /** Off: no picture of an incident is kept, whatever the policies say. */
  evidence: z.enum(['on', 'off']).optional(),
  evidenceReason: z.string().optional(),
});

const Ready = z.object({ ready: z.boolean() });

function health(parts: ServiceParts): z.input<typeof Health> {
  const vision = parts.vision();
  const store = parts.store();
  const audit = parts.audit();
  return {
    ...stateOf(parts),
    version: parts.version,
    ...(store && { database: store.kind, durability: store.durability }),
    ...(vision.state !== 'on' && vision.reason !== undefined ? { visionReason: vision.reason } : {}),
    ...(vision.state === 'on' ? { models: vision.models.map((model) => `${model.name}@${model.version}`) } : {}),
    ...(audit && { audit }),
    evidence: parts.evidence ? 'on' : 'off',
    ...(parts.evidence ? {} : { evidenceReason: 'EVIDENCE_KEY is not set' }),
  };
}

/** For strangers: what a student's check before an exam shows, and nothing that tells what could be attacked. */
function stateOf(
  parts: ServiceParts,
): Pick<z.input<typeof Health>, 'status' | 'store' | 'vision' | 'selfRegistration' | 'apiDocs'> {
  return {
    status: parts.phase(),
    store: parts.store()?.there ? 'there' : 'away',
    vision: parts.vision().state,
    selfRegistration: parts.selfRegistration ? 'on' : 'off',
    apiDocs: parts.apiDocs ? 'on' : 'off',
  };
}

/** Liveness, readiness and figures: open, and without a database query, so that they answer when it is away. */
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
      description: '503 while starting, stopping or without a database.',
      answer: Ready,
      also: { 503: Ready },
      handle: () => {
        const ready = parts.phase() === 'ok' && parts.store()?.there === true && parts.vision().state !== 'starting';
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
