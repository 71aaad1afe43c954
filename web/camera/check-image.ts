import type { SystemCheck } from '../../protocol/http/system-check.ts';
import type { Look } from './live-check.ts';
import { at } from '../shared/base-path.ts';

const TIMEOUT_MS = 15_000;
const DEFAULT_RETRY_MS = 2000;

/** Sends one image for analysis; the server needs no login for this and stores nothing. Never rejects. */
export async function checkImage(jpeg: Uint8Array): Promise<Look> {
  const body = new FormData();
  body.set('file', new Blob([jpeg as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }), 'check.jpg');
  try {
    const init = { method: 'POST', body, cache: 'no-store', credentials: 'omit' } as const;
    const response = await fetch(at('/api/system-check/frame'), { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) {
      const { faces, hints } = (await response.json()) as SystemCheck;
      return { kind: 'seen', faces, hints };
    }
    const { retryable } = (await response.json()) as { retryable?: boolean };
    if (response.status === 503 && retryable === false) return { kind: 'off' };
    if (response.status !== 503 && response.status !== 429) return { kind: 'unanswered' };
    const seconds = Number(response.headers.get('retry-after') ?? '');
    return { kind: 'busy', retryInMs: seconds > 0 ? seconds * 1000 : DEFAULT_RETRY_MS };
  } catch {
    return { kind: 'unanswered' };
  }
}
