import { Agent, request } from 'node:http';
import type { Answers } from './plan.ts';

/** Request timeout, ms. */
const TIMEOUT_MS = 30_000;
/** Maximum number of requests per attack. */
const MOST = 100_000;

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly type?: string;
  readonly body?: string | Uint8Array;
}

/** Sends one attacker's requests on keep-alive connections until its time is up. */
export class Traffic {
  readonly #url: URL;
  readonly #until: number;
  readonly #answers = new Map<string, number>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  #sent = 0;

  constructor(url: string, secs: number) {
    this.#url = new URL(url);
    this.#until = performance.now() + secs * 1000;
  }

  get answers(): Answers {
    return Object.fromEntries([...this.#answers].toSorted((a, b) => b[1] - a[1]));
  }

  get isOver(): boolean {
    return performance.now() >= this.#until || this.#sent >= MOST;
  }

  get leftMs(): number {
    return Math.max(0, this.#until - performance.now());
  }

  count(what: string): void {
    this.#answers.set(what, (this.#answers.get(what) ?? 0) + 1);
  }

  /** Runs this many loops concurrently, each sending the next request after the last response; each at least once. */
  async loops(connections: number, next: (n: number) => Asked): Promise<void> {
    const one = async (): Promise<void> => {
      do await this.send(next(this.#sent));
      while (!this.isOver);
    };
    await Promise.all(Array.from({ length: connections }, one));
    this.#agent.destroy();
  }

  /** @returns the body of a 2xx response */
  async send({ method, path, token, type, body }: Asked): Promise<string | undefined> {
    this.#sent += 1;
    const headers: Record<string, string> = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(type && { 'content-type': type }),
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    };
    return new Promise((resolve) => {
      const asked = request(
        {
          host: this.#url.hostname,
          port: this.#url.port,
          agent: this.#agent,
          method,
          path,
          headers,
          timeout: TIMEOUT_MS,
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => {
            this.count(String(response.statusCode));
            resolve((response.statusCode ?? 500) < 300 ? Buffer.concat(parts).toString('utf8') : undefined);
          });
          response.on('error', () => resolve(undefined));
        },
      );
      asked.on('timeout', () => asked.destroy(new Error('timeout')));
      asked.on('error', (error: NodeJS.ErrnoException) => {
        this.count(error.code ?? error.message);
        // A refused connection costs the attacker nothing: avoid a busy loop.
        setTimeout(() => resolve(undefined), 5);
      });
      asked.end(body);
    });
  }
}
