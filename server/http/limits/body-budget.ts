import { ProtocolError } from '../../../protocol/errors.ts';
import { networkOf } from '../../auth/network.ts';

/** Bodies being received or processed, bytes. A thousand frames of 60 KiB are 60 MiB. */
const ALL = 256 * 1024 * 1024;
/** Share of one address, bytes. */
const OF_ONE = 128 * 1024 * 1024;

/** Memory budget for request bodies, which are received before the sender is authenticated. */
export class BodyBudget {
  readonly #of = new Map<string, number>();
  #all = 0;

  get bytes(): number {
    return this.#all;
  }

  /** @throws ProtocolError `unavailable` if the budget is exhausted; then nothing is taken */
  take(address: string, bytes: number): void {
    const network = networkOf(address);
    const held = this.#of.get(network) ?? 0;
    if (this.#all + bytes > ALL || held + bytes > OF_ONE) {
      throw new ProtocolError('unavailable', 'too many large concurrent requests', {
        retryable: true,
        retryAfterSeconds: 2,
      });
    }
    this.#all += bytes;
    this.#of.set(network, held + bytes);
  }

  giveBack(address: string, bytes: number): void {
    if (bytes === 0) return;
    const network = networkOf(address);
    const left = (this.#of.get(network) ?? 0) - bytes;
    this.#all -= bytes;
    if (left > 0) this.#of.set(network, left);
    else this.#of.delete(network);
  }
}
