import type { Page } from 'playwright-core';

/** Everything that the server has told a page: bodies of responses and messages of sockets. */
export class Received {
  readonly #texts: string[] = [];
  readonly #reading = new Set<Promise<void>>();

  /** @param page before it has loaded anything */
  constructor(page: Page) {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => typeof payload === 'string' && void this.#texts.push(payload)),
    );
    page.on('response', (response) => {
      if (!(response.headers()['content-type'] ?? '').includes('json')) return;
      // A page that is left drops its answers.
      const read = response.text().then(
        (text) => void this.#texts.push(text),
        () => {},
      );
      this.#reading.add(read);
      void read.then(() => this.#reading.delete(read));
    });
  }

  /** Of these words, those that were among it. */
  async found(words: readonly string[]): Promise<string[]> {
    await Promise.all(this.#reading);
    return words.filter((word) => this.#texts.some((text) => text.includes(word)));
  }
}
