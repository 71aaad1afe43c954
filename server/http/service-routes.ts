import type { TemplatedApp } from 'uWebSockets.js';
import type { Durability } from '../../db/open.ts';
import type { Vision } from '../inference/pool.ts';
import type { Metrics } from '../metrics.ts';
import { Exchange } from './exchange.ts';

export interface ServiceParts {
  readonly version: string;
  readonly metrics: Metrics;
  readonly phase: () => 'starting' | 'ok' | 'stopping';
  /** Undefined until it is open. `there`: the last commit worked. */
  readonly store: () => { readonly kind: string; readonly durability: Durability; readonly there: boolean } | undefined;
  readonly vision: () => Vision;
}

function health(parts: ServiceParts): Record<string, unknown> {
  const vision = parts.vision();
  const store = parts.store();
  return {
    status: parts.phase(),
    version: parts.version,
    ...(store && { database: store.kind, durability: store.durability }),
    store: store?.there ? 'there' : 'away',
    vision: vision.state,
    ...(vision.state === 'off' ? { visionReason: vision.reason } : {}),
    ...(vision.state === 'on' ? { models: vision.models.map((model) => `${model.name}@${model.version}`) } : {}),
  };
}

/** Liveness, readiness and figures: open, and without a database query, so that they answer when it is away. */
export function registerService(app: TemplatedApp, parts: ServiceParts): void {
  app.get('/health', (res, req) => new Exchange(res, req).answerJson(200, health(parts)));
  app.get('/ready', (res, req) => {
    const ready = parts.phase() === 'ok' && parts.store()?.there === true && parts.vision().state !== 'starting';
    new Exchange(res, req).answerJson(ready ? 200 : 503, { ready });
  });
  app.get('/metrics', (res, req) => {
    const exchange = new Exchange(res, req);
    void parts.metrics.registry.metrics().then((text) => {
      exchange.answer(200, text, { 'Content-Type': parts.metrics.registry.contentType });
    });
  });
}
