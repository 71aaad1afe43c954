import { cpSync } from 'node:fs';
import { type SeededDatabase, seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { temporaryFolder } from '../../simulator/server/server-process.ts';
import {
  type BareConnection,
  type BareSample,
  connectPostgres,
  insertEach,
  insertMany,
  openEmbedded,
  settingsOf,
} from './bare-inserts.ts';
import { SignalRows } from './rows.ts';
import { signalLoad, type SignalSample } from './signal-load.ts';

/** Pool size of the server. */
export const POOL = 10;
/** Maximum of a policy: missing pictures must not open incidents, which would be events besides the signals. */
const NO_FRAME_S = 3600;

export interface SignalsPlan {
  readonly sessions: number;
  /** URL of a PostgreSQL server where databases can be created; default: the embedded database. */
  readonly databaseUrl: string | undefined;
}

export interface SignalsRound {
  readonly server: SignalSample;
  /** As many rows per statement as the server's transactions had events. */
  readonly many: BareSample;
  readonly each: BareSample;
  /** On as many concurrent connections as the server may use; the embedded database has one. */
  readonly eachPooled: BareSample | undefined;
}

interface Parts {
  readonly database: SeededDatabase;
  readonly server: SeededServer;
  readonly connections: readonly BareConnection[];
  /** Rows for a sitting without students. */
  readonly rows: SignalRows;
  readonly failed: (error: string) => void;
  readonly remove: () => Promise<void>;
}

/** A server, and direct connections to a table of the same definition. */
export class SignalsSide {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * On PostgreSQL both write to the same table. An embedded database belongs to one process, so that the direct side
   * has a copy.
   */
  static async open(
    { sessions, databaseUrl }: SignalsPlan,
    label: string,
    say: (line: string) => void,
    errors: string[],
  ): Promise<SignalsSide> {
    const sitting = { students: sessions, policy: { holds: { noFrame: NO_FRAME_S } } };
    const database = await seedDatabase(databaseUrl, [sitting, sitting]);
    const copy = temporaryFolder();
    const connections: BareConnection[] = [];
    const remove = async (): Promise<void> => {
      for (const connection of connections) await connection.close().catch(() => {});
      copy.remove();
      await database.remove();
    };
    try {
      if (database.url === undefined) {
        cpSync(database.folder, copy.path, { recursive: true });
        connections.push(await openEmbedded(copy.path));
      } else for (let n = 0; n < POOL; n++) connections.push(await connectPostgres(database.url));
      const server = await SeededServer.start(database, { say, errors });
      const rows = new SignalRows(database.students[1]!.map(({ session }) => session));
      return new SignalsSide({
        database,
        server,
        connections,
        rows,
        failed: (error) => errors.push(`${label}: ${error}`),
        remove,
      });
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** Settings of the database, by name. */
  settings(): Promise<Record<string, string>> {
    return settingsOf(this.#parts.connections[0]!);
  }

  async round(secs: number): Promise<SignalsRound> {
    const { server, database, connections, rows, failed } = this.#parts;
    const signals = await signalLoad(server, database.students[0]!, secs, failed);
    const work = { rows, secs, cpu: () => server.cpu() };
    const many = await insertMany(connections[0]!, Math.max(1, Math.round(signals.aCommit)), work);
    const each = await insertEach(connections.slice(0, 1), work);
    return {
      server: signals,
      many,
      each,
      eachPooled: connections.length > 1 ? await insertEach(connections, work) : undefined,
    };
  }

  async close(): Promise<void> {
    await this.#parts.server.stop();
    await this.#parts.remove();
  }
}
