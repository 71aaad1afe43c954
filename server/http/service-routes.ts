import { z } from 'zod';
import type { Durability } from '../../db/open.ts';
import type { LogState } from '../audit/tree-writer.ts';
import type { Vision } from '../inference/pool.ts';
import type { Metrics } from '../metrics.ts';
import { openRoute, Reply, type Route } from './route.ts';

export interface ServiceParts {
  readonly version: string;
  readonly metrics: Metrics;
  readonly phase: () => 'starting' | 'ok' | 'stopping';
  /** Undefined until it is open. `there`: the last commit worked. */
  readonly store: () => { readonly kind: string; readonly durability: Durability; readonly there: boolean } | undefined;
  readonly vision: () => Vision;
  /** Of the audit log; undefined until the database is open. */
  readonly audit: () => LogState | undefined;
  /** Whether there is a key for pictures of incidents. */
  readonly evidence: boolean;
}

const Health = z.object({
  status: z.enum(['starting', 'ok', 'stopping']),
  version: z.string(),
  database: z.string().optional(),
  /** What an acknowledged event survives. */
  durability: z.enum(['process-crash', 'power-loss']).optional(),
  store: z.enum(['there', 'away']),
  vision: z.enum(['starting', 'on', 'off']),
  visionReason: z.string().optional(),
  models: z.array(z.string()).optional(),
  /** `behind`: entries wait for their place and are not signed. `changed`: the log is not what was signed before; a person has to look. */
  audit: z.enum(['ok', 'behind', 'changed']).optional(),
  /** Off: no picture of an incident is kept, whatever the policies say. */
  evidence: z.enum(['on', 'off']),
  evidenceReason: z.string().optional(),
});

const Ready = z.object({ ready: z.boolean() });

function health(parts: ServiceParts): z.input<typeof Health> {
  const vision = parts.vision();
  const store = parts.store();
  const audit = parts.audit();
  return {
    status: parts.phase(),
    version: parts.version,
    ...(store && { database: store.kind, durability: store.durability }),
    store: store?.there ? 'there' : 'away',
    vision: vision.state,
    ...(vision.state === 'off' ? { visionReason: vision.reason } : {}),
    ...(vision.state === 'on' ? { models: vision.models.map((model) => `${model.name}@${model.version}`) } : {}),
    ...(audit && { audit }),
    evidence: parts.evidence ? 'on' : 'off',
    ...(parts.evidence ? {} : { evidenceReason: 'EVIDENCE_KEY is not set' }),
  };
}

/** Liveness, readiness and figures: open, and without a database query, so that they answer when it is away. */
export function serviceRoutes(parts: ServiceParts): Route[] {
  return [
    openRoute({
      method: 'GET',
      path: '/health',
      tag: 'Service',
      summary: 'Whether the process lives, and what it has',
      answer: Health,
      handle: () => Promise.resolve(health(parts)),
    }),
    openRoute({
      method: 'GET',
      path: '/ready',
      tag: 'Service',
      summary: 'Whether clients may be sent here',
      answer: Ready,
      also: { 503: Ready },
      handle: () => {
        const ready = parts.phase() === 'ok' && parts.store()?.there === true && parts.vision().state !== 'starting';
        return Promise.resolve(new Reply(ready ? 200 : 503, { ready }));
      },
    }),
    openRoute({
      method: 'GET',
      path: '/metrics',
      tag: 'Service',
      summary: 'Figures in the text format of Prometheus',
      answer: z.string(),
      produces: parts.metrics.registry.contentType,
      handle: () => parts.metrics.registry.metrics(),
    }),
  ];
}
