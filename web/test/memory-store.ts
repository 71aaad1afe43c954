import type { SignalStore, StoredRun } from '../sdk/signal-store.ts';

/** Storage that the pages of one browser share: signal runs and their locks. */
export class MemoryDisk {
  readonly runs = new Map<string, { owner: object; run: StoredRun }>();
  /** Makes every store fail from now on. */
  broken = false;

  /** The store of one page. */
  open(session: string): SignalStore {
    const owner = {};
    const use = <T>(work: () => T): Promise<T> =>
      this.broken ? Promise.reject(new Error('the disk is broken')) : Promise.resolve().then(work);
    const mine = () => (this.runs.get(session)?.owner ?? owner) === owner;
    const keep = (run: StoredRun) => void this.runs.set(session, { owner, run: structuredClone(run) });
    return {
      session,
      claim: () =>
        use(() => {
          const run = this.runs.get(session)?.run ?? { stream: undefined, acked: 0, signals: [] };
          keep(run);
          return run;
        }),
      owned: () => use(mine),
      save: (run) => use(() => mine() && (keep(run), true)),
      remove: () => use(() => void (mine() && this.runs.delete(session))),
    };
  }
}
