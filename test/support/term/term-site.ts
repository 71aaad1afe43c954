import type { Db } from '../../../db/executor.ts';
import { readConfig } from '../../../server/config.ts';
import { type Server, startServer } from '../../../server/context.ts';
import { CHEAP_HASHES } from '../admin.ts';
import { createDatabase } from '../databases.ts';
import { waitFor } from '../server.ts';

/** A new installation: an empty database, nobody in it, and a clock that can be moved. */
export interface TermSite {
  readonly url: string;
  readonly setupLink: string;
  readonly dataDir: string;
  /** For reading back what pages have changed. */
  readonly db: Db;
  /** The server's time, ms. */
  now(): number;
  /** Moves the server's clock forward to a time. Its timers run on as they are. */
  moveTo(time: number): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startTermSite(): Promise<TermSite> {
  const database = await createDatabase('pglite', 'schema');
  const { config, secrets } = readConfig({
    PORT: '0',
    DATA_DIR: database.dataDir,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    DRAIN_SECONDS: '0',
    SELF_REGISTRATION: 'off',
  });
  let ahead = 0;
  let db: Db | undefined;
  const clock = () => Date.now() + ahead;
  const server: Server = await startServer(config, secrets, {
    clock,
    hashCost: CHEAP_HASHES,
    inferencePatience: { deadlineMs: 30_000, startMs: 120_000 },
    db: (real) => (db = real),
  });
  await waitFor('vision', () => server.pool.vision.state !== 'starting');
  if (!db || server.setupLink === undefined) throw new Error('the server has a database and an admin already');
  return {
    url: server.url,
    setupLink: server.url + server.setupLink.slice(server.setupLink.indexOf('/setup')),
    dataDir: database.dataDir,
    db,
    now: clock,
    moveTo: (time) => void (ahead += Math.max(0, time - clock())),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await database.remove();
    },
  };
}
