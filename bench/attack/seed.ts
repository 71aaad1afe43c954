import { openDatabase } from '../../db/open.ts';
import { storeLog } from '../../simulator/fixtures/stored-log.ts';
import { type SeededDatabase, seedDatabase } from '../seeded/database.ts';

const EVENTS_AN_ENTRY = 500;
const ENTRIES_A_SESSION = 100;

export interface SeedPlan {
  readonly databaseUrl: string | undefined;
  readonly honest: number;
  readonly attackers: number;
  /** Entries of the log that is verified. */
  readonly entries: number;
  /** Events of the long session. */
  readonly events: number;
}

export interface AttackedDatabase {
  readonly database: SeededDatabase;
  readonly longSession: string;
}

/** Seeds honest students, attackers, a long log and a session with many events. */
export async function seedAttacked({
  databaseUrl,
  honest,
  attackers,
  entries,
  events,
}: SeedPlan): Promise<AttackedDatabase> {
  const policy = { holds: { noFrame: 3600 } };
  const database = await seedDatabase(databaseUrl, [
    { students: honest, policy },
    { students: attackers, policy },
  ]);
  try {
    const { db, close } = await openDatabase({ url: database.url, dataDir: database.folder });
    try {
      const perSession = Math.max(1, Math.ceil(events / EVENTS_AN_ENTRY));
      const { sessions } = await storeLog(db, {
        entries: perSession,
        entriesASession: perSession,
        eventsAnEntry: Math.min(events, EVENTS_AN_ENTRY),
      });
      await storeLog(db, { entries, entriesASession: ENTRIES_A_SESSION, eventsAnEntry: 1 });
      return { database, longSession: sessions[0]! };
    } finally {
      await close();
    }
  } catch (error) {
    await database.remove();
    throw error;
  }
}
