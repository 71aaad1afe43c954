import type { ManualTime } from './manual-time.ts';
import type { RawSocket } from './raw-socket.ts';
import { type TestServer, waitFor } from './server.ts';

/**
 * Frames of one session, shown by a clock that stands still until the models have answered: what follows from a frame
 * does not depend on how busy the machine is.
 */
export class ShownFrames {
  readonly #site: TestServer;
  readonly #socket: RawSocket;
  readonly #time: ManualTime;
  readonly #everyMs: number;
  #seq = 0;

  constructor(site: TestServer, socket: RawSocket, time: ManualTime, fps: number) {
    [this.#site, this.#socket, this.#time, this.#everyMs] = [site, socket, time, 1000 / fps];
  }

  /** @returns number of the frame */
  async show(jpeg: Uint8Array): Promise<number> {
    const seq = ++this.#seq;
    this.#socket.sendFrame(seq, jpeg);
    // The receipt is sent once the frame is with the models, if it is due.
    await this.#socket.until('a receipt', () => this.#socket.of('received').at(-1)?.['frame'] === seq);
    await waitFor('the models', () => this.#site.server.pool.idle);
    return seq;
  }

  /** Time of one frame passes. */
  pass(): void {
    this.#time.advance(this.#everyMs);
  }
}
