import type { Connection } from './findings.ts';

const TRIES = 4;
const TIMEOUT_MS = 5000;

/** Requests the server's status several times and keeps the fastest round trip. Never rejects. */
export async function testConnection(): Promise<Connection> {
  let best: Connection = { roundTripMs: undefined, vision: undefined, database: undefined };
  for (let i = 0; i < TRIES; i++) {
    const begun = performance.now();
    try {
      const response = await fetch('/health', {
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { vision, database } = (await response.json()) as { vision?: string; database?: string };
      best = { roundTripMs: Math.min(performance.now() - begun, best.roundTripMs ?? Infinity), vision, database };
    } catch {
      // Another try may succeed.
    }
  }
  return best;
}

export const readFeatures = () => ({
  secure: isSecureContext,
  webSocket: typeof WebSocket === 'function',
  camera: typeof navigator.mediaDevices?.getUserMedia === 'function',
  worker: typeof Worker === 'function' && typeof OffscreenCanvas === 'function',
  database: typeof indexedDB !== 'undefined',
  fullscreen: document.fullscreenEnabled === true,
});
