import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProtocolError } from '../../protocol/errors.ts';
import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import type { SystemCheck as Answer } from '../../protocol/http/system-check.ts';
import { networkOf } from '../auth/network.ts';
import type { Vision } from '../inference/pool.ts';
import type { Scheduler } from '../inference/scheduler.ts';
import type { Metrics } from '../metrics.ts';
import { readJpegHeader } from '../session/frames/jpeg-header.ts';
import { whyTooLarge } from '../session/frames/picture-size.ts';
import { checkView } from './hints.ts';

export interface SystemCheckParts {
  readonly scheduler: Pick<Scheduler, 'tryAnalyse'>;
  readonly vision: () => Vision;
  readonly metrics: Metrics;
}

/** No policy says what is asked for: twice what one does by default, pixels. */
const MAX_WIDTH = 1280;
const PER_SECOND = 2;
const PER_HOUR = 300;
const BUSY_SECONDS = 2;
/** Whoever sends what ends the inference host is not looked at for so long. */
const BANNED_SECONDS = 3600;
/** What a picture costs that may have ended it: at the third one the hour is over. */
const SUSPECT_POINTS = PER_HOUR / 3;

const busy = (message: string, retryAfterSeconds: number) =>
  new ProtocolError('unavailable', message, { retryable: true, retryAfterSeconds });

/** Looks at a stranger's picture, once, behind every exam frame. Nothing of it is kept. */
export class SystemChecks {
  readonly #parts: SystemCheckParts;
  readonly #second = new RateLimiterMemory({ points: PER_SECOND, duration: 1 });
  readonly #hour = new RateLimiterMemory({ points: PER_HOUR, duration: 3600 });

  constructor(parts: SystemCheckParts) {
    this.#parts = parts;
  }

  /**
   * Counts a picture that is about to come, before it does.
   * @throws ProtocolError `rate_limited`
   */
  async admit(address: string): Promise<void> {
    const network = networkOf(address);
    try {
      await this.#second.consume(network);
      await this.#hour.consume(network);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const seconds = Math.max(1, Math.ceil(cause.msBeforeNext / 1000));
      throw new ProtocolError(
        'rate_limited',
        `at most ${PER_SECOND} pictures per second and ${PER_HOUR} per hour for one address`,
        { retryable: true, retryAfterSeconds: seconds },
      );
    }
  }

  /**
   * Of an address that was admitted. @throws ProtocolError `frame_too_large`, `picture_too_large`, `invalid_image`, or
   * `unavailable` while the models are off or have other work
   */
  async look(jpeg: Uint8Array, address: string): Promise<Answer> {
    const { scheduler, vision } = this.#parts;
    const network = networkOf(address);
    if (jpeg.byteLength + HEADER_BYTES > MAX_FRAME_BYTES)
      throw new ProtocolError(
        'frame_too_large',
        `frame exceeds the maximum of ${MAX_FRAME_BYTES - HEADER_BYTES} bytes`,
      );
    const header = readJpegHeader(jpeg);
    if (!header.ok) throw new ProtocolError('invalid_image', header.problem);
    const tooLarge = whyTooLarge(header, MAX_WIDTH);
    if (tooLarge !== undefined) throw new ProtocolError('picture_too_large', tooLarge);
    if (vision().state === 'off') throw new ProtocolError('unavailable', 'vision is off');
    const outcome = await scheduler.tryAnalyse(jpeg);
    this.#parts.metrics.systemChecks.inc({ result: outcome?.type ?? 'busy' });
    switch (outcome?.type) {
      case undefined:
        throw busy('exams are looked at first', BUSY_SECONDS);
      case 'done':
        return checkView(outcome.detection);
      case 'lost':
        if (outcome.suspects === 1) await this.#hour.block(network, BANNED_SECONDS);
        else if (outcome.suspects > 1) await this.#hour.penalty(network, SUSPECT_POINTS);
        throw busy('the picture was lost with the inference host', BUSY_SECONDS);
      case 'failed':
        if (outcome.failure.code === 'invalid_image') throw new ProtocolError('invalid_image', outcome.failure.message);
        throw busy('the models could not look at the picture', BUSY_SECONDS);
    }
  }
}
