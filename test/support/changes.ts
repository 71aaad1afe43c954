/** Wakes the waits of a test client whenever it has received something. */
export class Changes {
  readonly #checks = new Set<() => void>();

  notify(): void {
    for (const check of this.#checks) check();
  }

  /**
   * Resolves when the condition is true; rejects if `isSo` throws.
   * @param seen description for the error after the timeout
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
