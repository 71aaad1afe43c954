import type { Api } from '../shared/api.ts';

/** Pictures kept at most; each is some 30 KB. */
const KEPT = 300;

/**
 * Stored pictures that a page has shown, in memory until it is left: the server logs each request as a view. No URL of
 * a picture stays in a cache or history.
 */
export class PictureCache {
  readonly #api: Pick<Api, 'blob'>;
  readonly #path: string;
  readonly #kept = new Map<string, Promise<Blob>>();

  /** @param path of the pictures, without their id */
  constructor(api: Pick<Api, 'blob'>, path = '/api/evidence') {
    this.#api = api;
    this.#path = path;
  }

  load(id: string): Promise<Blob> {
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const asked = this.#api.blob(`${this.#path}/${id}`);
    this.#kept.set(id, asked);
    asked.catch(() => this.#kept.delete(id));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return asked;
  }
}
