import { ApiError } from './api-error.ts';
import { readLogouts, writeLogouts } from './login-store.ts';

/** Waits between tries, ms; the last one repeats. */
const WAITS_MS = [1000, 3000, 10_000, 30_000];

/** Sends logouts to the server until it acknowledges them; pending ones survive a reload. */
export class Logouts {
  readonly #send: (refreshToken: string) => Promise<void>;
  #telling = false;

  constructor(send: (refreshToken: string) => Promise<void>) {
    this.#send = send;
    if (readLogouts().length > 0) void this.#tell();
  }

  add(refreshToken: string): Promise<void> {
    writeLogouts([...readLogouts(), refreshToken]);
    return this.#tell();
  }

  async #tell(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    for (let tries = 0; ; tries++) {
      const [next, ...rest] = readLogouts();
      if (next === undefined) break;
      const heard = await this.#send(next).then(
        () => true,
        (error: unknown) => error instanceof ApiError && !error.retryable,
      );
      if (heard) writeLogouts(rest);
      else await new Promise((resolve) => setTimeout(resolve, WAITS_MS[tries] ?? WAITS_MS.at(-1)));
    }
    this.#telling = false;
  }
}
