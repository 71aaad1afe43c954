import type { Db } from '../../db/executor.ts';
import { deleteExpiredSessions } from '../../db/retention.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

const HOUR_MS = 3_600_000;
const BATCH = 200;

/** Deletes what the policy promised to delete, at the start and every hour. @returns stops it */
export function startRetention(db: Db, clock: Clock, log: Logger): () => void {
  const run = async () => {
    try {
      for (;;) {
        const gone = await db.transaction().execute((tx) => deleteExpiredSessions(tx, new Date(clock()), BATCH));
        if (gone > 0) log.info({ sessions: gone }, 'deleted what was kept long enough');
        if (gone < BATCH) return;
      }
    } catch (error) {
      log.warn({ err: error }, 'deleting old sessions failed; tried again in an hour');
    }
  };
  void run();
  const timer = setInterval(() => void run(), HOUR_MS);
  timer.unref();
  return () => clearInterval(timer);
}
