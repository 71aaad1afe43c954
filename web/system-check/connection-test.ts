import type { BrowserFeatures, Connection } from './findings.ts';
import { at } from '../shared/base-path.ts';

const TRIES = 4;
const TIMEOUT_MS = 5000;

/** Requests the server's status several times and keeps the fastest round trip. Never rejects. */
export async function testConnection(): Promise<Connection> {
  let best: Connection = { roundTripMs: undefined, vision: undefined, database: undefined };
  for (let i = 0; i < TRIES; i++) {
    const begun = performance.now();
    try {
      const response = await fetch(at('/health'), {
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { vision, database } = ((await response.json()) ?? {}) as { vision?: unknown; database?: unknown };
      // Anything else comes from a portal or a proxy.
      if (typeof vision !== 'string' || typeof database !== 'string') continue;
      best = { roundTripMs: Math.min(performance.now() - begun, best.roundTripMs ?? Infinity), vision, database };
    } catch {
      // Another try may succeed.
    }
  }
  return best;
}

/** Features that can be asked for without a try. */
export const readFeatures = (): BrowserFeatures => ({
  secure: isSecureContext,
  camera: typeof navigator.mediaDevices?.getUserMedia === 'function',
  worker: typeof Worker === 'function' && typeof OffscreenCanvas === 'function',
  fullscreen: document.fullscreenEnabled === true,
});
