/** What a client of a test has seen so far, and who waits for more of it. */
export class Changes {
  readonly #checks = new Set<() => void>();

  /** Something has changed. */
  notify(): void {
    for (const check of this.#checks) check();
  }

  /**
   * Resolves when it is so. What `isSo` throws fails it.
   * @param seen said when time is up
   */
  until(what: string, isSo: () => boolean, seen: () => string, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: unknown) => {
        clearTimeout(timer);
        this.#checks.delete(check);
        if (error === undefined) resolve();
        else reject(error);
      };
      const check = () => {
        try {
          if (isSo()) done();
        } catch (error) {
          done(error);
        }
      };
      const timer = setTimeout(() => done(new Error(`${what}: not within ${timeoutMs} ms; ${seen()}`)), timeoutMs);
      this.#checks.add(check);
      check();
    });
  }
}
