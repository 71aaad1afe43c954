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

/** No policy applies: twice a policy's default, pixels. */
const MAX_WIDTH = 1280;
const PER_SECOND = 2;
const PER_HOUR = 300;
const BUSY_SECONDS = 2;
/** An address whose picture ended the inference host is refused for this time. */
const BANNED_SECONDS = 3600;
/** Cost of a picture that may have ended it: the third one uses up the hour. */
const SUSPECT_POINTS = PER_HOUR / 3;

const busy = (message: string, retryAfterSeconds: number) =>
  new ProtocolError('unavailable', message, { retryable: true, retryAfterSeconds });

/** Analyses pictures of people without an account, after every exam frame. Nothing is stored. */
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
   * Analyses a picture of an admitted address. @throws ProtocolError `frame_too_large`, `picture_too_large`,
   * `invalid_image`, or `unavailable` while the models are off or have other work
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
        throw busy('busy with exams', BUSY_SECONDS);
      case 'done':
        return checkView(outcome.detection);
      case 'lost':
        if (outcome.suspects === 1) await this.#hour.block(network, BANNED_SECONDS);
        else if (outcome.suspects > 1) await this.#hour.penalty(network, SUSPECT_POINTS);
        throw busy('the inference host failed while it had the picture', BUSY_SECONDS);
      case 'failed':
        if (outcome.failure.code === 'invalid_image') throw new ProtocolError('invalid_image', outcome.failure.message);
        throw busy('analysis of the picture failed', BUSY_SECONDS);
    }
  }
}
