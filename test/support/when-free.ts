/** Of a request that waited too long for its turn and was given up before it began. */
const BUSY = 'server is busy';

/** Repeats a request until the server has the time for it: whatever else the machine does is no matter of the test. */
export async function whenFree<T>(request: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if ((error as { body?: Record<string, unknown> }).body?.['detail'] !== BUSY) throw error;
    }
  }
}
