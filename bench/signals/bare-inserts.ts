import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { EventRow } from '../../db/events.ts';
import { cpuEach, type CpuSplit } from '../cpu-meter.ts';
import type { SignalRows } from './rows.ts';

/** Direct connection to the database through its driver only. */
export interface BareConnection {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
  close(): Promise<void>;
}

/** @param url of a PostgreSQL database */
export async function connectPostgres(url: string): Promise<BareConnection> {
  const client = new pg.Client({ connectionString: url });
  // A broken connection fails the query in progress.
  client.on('error', () => {});
  await client.connect();
  return {
    // Parsed and planned once, as long as the text is the same.
    query: (text, values) =>
      values ? client.query({ name: text.slice(0, NAME_LENGTH), text, values }) : client.query(text),
    close: () => client.end(),
  };
}

/** @param dataDir data folder of a server's embedded database, not in use */
export async function openEmbedded(dataDir: string): Promise<BareConnection> {
  const pglite = await PGlite.create(join(dataDir, 'pglite'));
  return { query: (text, values) => pglite.query(text, values), close: () => pglite.close() };
}

/** Maximum significant length of a statement name in PostgreSQL. */
const NAME_LENGTH = 63;

const COLUMNS = {
  id: 'uuid',
  session_id: 'uuid',
  seq: 'integer',
  change_offset: 'integer',
  type: 'text',
  source: 'text',
  severity: 'text',
  weight: 'double precision',
  started_at: 'timestamptz',
  ended_at: 'timestamptz',
  duration_ms: 'integer',
  confidence: 'double precision',
  details: 'json',
  review: 'text',
  stream: 'uuid',
  client_seq: 'integer',
  body_digest: 'text',
} as const satisfies Record<keyof EventRow, string>;
const NAMES = Object.keys(COLUMNS) as (keyof EventRow)[];
const COLUMN_LIST = NAMES.join();

const MANY = `/* many */ INSERT INTO events (${COLUMN_LIST}) SELECT ${COLUMN_LIST} FROM json_to_recordset($1::json) AS v(${NAMES.map((name) => `${name} ${COLUMNS[name]}`).join()})`;
const ONE = `/* one */ INSERT INTO events (${COLUMN_LIST}) VALUES (${NAMES.map((_, index) => `$${index + 1}`).join()})`;

/** Settings that determine the cost of a commit. */
const SETTINGS = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_compression',
  'shared_buffers',
];

/** Settings of the database, by name. */
export async function settingsOf(connection: BareConnection): Promise<Record<string, string>> {
  const { rows } = await connection.query('SELECT name, setting FROM pg_settings WHERE name = ANY($1)', [SETTINGS]);
  return Object.fromEntries((rows as { name: string; setting: string }[]).map(({ name, setting }) => [name, setting]));
}

export interface BareSample {
  readonly perSecond: number;
  /** CPU time per row, ms. */
  readonly cpu: CpuSplit;
}

export interface BareWork {
  readonly rows: SignalRows;
  readonly secs: number;
  readonly cpu: () => CpuSplit;
}

/**
 * One statement, which is a transaction, after the other; the next rows are prepared while the database handles the
 * last. @param size rows per statement
 */
export function insertMany(
  connection: BareConnection,
  size: number,
  { rows, secs, cpu }: BareWork,
): Promise<BareSample> {
  return counted(cpu, async () => {
    const until = performance.now() + secs * 1000;
    let [inserted, next] = [0, JSON.stringify(rows.take(size))];
    while (performance.now() < until) {
      const running = connection.query(MANY, [next]);
      // Its rejection is handled below.
      running.catch(() => {});
      next = JSON.stringify(rows.take(size));
      await running;
      inserted += size;
    }
    return inserted;
  });
}

/** BEGIN, INSERT of one row, COMMIT, concurrently on each of the connections. */
export function insertEach(connections: readonly BareConnection[], { rows, secs, cpu }: BareWork): Promise<BareSample> {
  return counted(cpu, async () => {
    const until = performance.now() + secs * 1000;
    let inserted = 0;
    const work = async (connection: BareConnection): Promise<void> => {
      while (performance.now() < until) {
        const [row] = rows.take(1) as [EventRow];
        await connection.query('BEGIN');
        await connection.query(
          ONE,
          NAMES.map((name) => row[name]),
        );
        await connection.query('COMMIT');
        inserted += 1;
      }
    };
    await Promise.all(connections.map(work));
    return inserted;
  });
}

async function counted(cpu: () => CpuSplit, work: () => Promise<number>): Promise<BareSample> {
  const [before, began] = [cpu(), performance.now()];
  const inserted = await work();
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: inserted / seconds, cpu: cpuEach(before, cpu(), inserted) };
}
