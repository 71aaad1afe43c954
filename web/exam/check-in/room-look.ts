import { CHECK_IN_ROOM } from '../../../protocol/check-in-bounds.ts';
import { ApiError } from '../../shared/api-error.ts';
import { t } from '../messages.ts';

/** Of the look at the room. */
export type LookPhase = { readonly at: 'looking'; readonly ms: number } | ({ readonly at: 'sending' } & LookCount);
export interface LookCount {
  readonly sent: number;
  readonly of: number;
}

/** The look ended before there were enough pictures: the camera gave none, or the page was hidden. */
export class LookBroken extends Error {
  override readonly name = 'LookBroken';

  constructor() {
    super(t.checkIn.room.broken);
  }
}

interface LookOptions {
  /** Undefined while the camera gives no new picture. */
  readonly take: () => Promise<Blob> | undefined;
  readonly send: (jpeg: Blob) => Promise<void>;
  readonly tell: (phase: LookPhase) => void;
  readonly signal: AbortSignal;
}

const TICK_MS = 200;
/** Between an answer and the next picture, ms: pictures that follow faster than the server allows are refused. */
const PAUSE_MS = CHECK_IN_ROOM.leastMs + 100;
/** Before a picture is sent again after the line or the server failed, ms. */
const RETRY_MS = 2000;

/** Takes pictures over 20 s and sends them; a slow line prolongs the sending, not the look. */
export async function lookAtRoom({ take, send, tell, signal }: LookOptions): Promise<void> {
  const pictures: Blob[] = [];
  let sent = 0;
  let over = false;
  const sending = (async () => {
    for (;;) {
      signal.throwIfAborted();
      const next = pictures[sent];
      if (next) {
        await sendPatiently(next, send, signal);
        sent++;
        if (over) tell({ at: 'sending', sent, of: pictures.length });
        if (sent < pictures.length || !over) await pause(PAUSE_MS, signal);
      } else if (over) return;
      else await pause(TICK_MS, signal);
    }
  })();
  // Its failure ends the look below.
  const line = { failed: false };
  sending.catch(() => (line.failed = true));
  const began = performance.now();
  let due = 0;
  for (let ms = 0; ms < CHECK_IN_ROOM.seconds * 1000 && !line.failed; ms = performance.now() - began) {
    tell({ at: 'looking', ms });
    if (ms >= due && pictures.length < CHECK_IN_ROOM.most) {
      const picture = await take();
      if (picture) {
        pictures.push(picture);
        due += CHECK_IN_ROOM.everyMs;
      }
    }
    await pause(TICK_MS, signal);
  }
  if (!line.failed && pictures.length < CHECK_IN_ROOM.least) throw new LookBroken();
  over = true;
  tell({ at: 'sending', sent, of: pictures.length });
  await sending;
}

async function sendPatiently(picture: Blob, send: LookOptions['send'], signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await send(picture);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError) || !error.retryable) throw error;
      await pause(RETRY_MS, signal);
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
