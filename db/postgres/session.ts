import type pg from 'pg';
import { DatabaseRefusedError } from '../unavailable.ts';

/**
 * Parameters in the startup packet, over defaults of the role or database. PgBouncer accepts and keeps exactly these
 * for each of its clients.
 */
export const STARTUP = {
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
} as const;

/** Set after connecting. `synchronous_commit`: values other than `off` survive a crash and are the operator's choice. */
const PINNED = {
  default_transaction_isolation: { isGood: (value: string) => value === 'read committed', to: 'read committed' },
  synchronous_commit: { isGood: (value: string) => value !== 'off', to: 'on' },
  extra_float_digits: { isGood: (value: string) => Number(value) >= 1, to: '1' },
} as const;

/** Limits of the server, in ms. Shorter ones than the client's own would end its statements, or its idle connections. */
const LIMITS = [
  'statement_timeout',
  'lock_timeout',
  'transaction_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
];

const CHECK_MS = 5000;

/** Whether this server takes no writes: a standby, or a primary that was made read-only. */
export const TAKES_NO_WRITES = `pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'`;

interface Found {
  readonly read_only: boolean;
  readonly encoding: string;
  readonly datestyle: string;
  readonly pid: number;
  readonly database: string;
  readonly role: string;
  readonly default_transaction_isolation: string;
  readonly synchronous_commit: string;
  readonly extra_float_digits: string;
  /** Null: the server has no such setting. */
  readonly jit: string | null;
  readonly limits: Readonly<Record<string, number>>;
}

const QUESTION = `SELECT ${TAKES_NO_WRITES} AS read_only,
  (SELECT json_object_agg(name, setting::integer) FROM pg_settings WHERE name IN (${LIMITS.map((name) => `'${name}'`).join(', ')})) AS limits, current_setting('server_encoding') AS encoding,
  current_setting('DateStyle') AS datestyle, current_setting('jit', true) AS jit, pg_backend_pid() AS pid, current_database() AS database, current_user AS role,
  ${Object.keys(PINNED)
    .map((name) => `current_setting('${name}') AS ${name}`)
    .join(', ')}`;

/** A server that takes no writes. */
export class ReadOnlyServerError extends Error {
  override readonly name = 'ReadOnlyServerError';
  readonly code = 'read_only_server';

  constructor() {
    super('the server takes no writes: it is a standby, or was made read-only');
  }
}

/**
 * Checks a new connection and pins settings that change the meaning of statements.
 * @param writes whether the connection has to write
 * @param leastMs limits of the server that are shorter are raised to this
 * @throws ReadOnlyServerError, or DatabaseRefusedError with the reason and the remedy
 */
export async function prepareSession(client: pg.Client, writes: boolean, leastMs: number): Promise<void> {
  const ask = async <Row extends pg.QueryResultRow>(text: string) =>
    (await client.query<Row>({ text, query_timeout: CHECK_MS } as pg.QueryConfig)).rows[0];
  const found = await ask<Found & pg.QueryResultRow>(QUESTION);
  if (!found) throw new Error('the server did not describe the session');
  if (writes && found.read_only) throw new ReadOnlyServerError();
  if (found.encoding !== 'UTF8')
    throw new DatabaseRefusedError(
      `the database "${found.database}" has the encoding ${found.encoding}, which cannot store every name and text: create one with createdb --encoding=UTF8 --template=template0`,
    );
  const wrong = pinned().filter(([name, { isGood }]) => !isGood(found[name]));
  // A pooler's process id is not the server's. It may run each transaction on another connection, where SET is lost.
  const isPooled = (client as unknown as { processID: number | null }).processID !== found.pid;
  if (!found.datestyle.startsWith('ISO')) throw refused('DateStyle', found.datestyle, 'ISO', found);
  for (const [name, { to }] of wrong) {
    if (isPooled) throw refused(name, found[name], to, found);
    await ask(`SELECT set_config('${name}', '${to}', false)`);
  }
  // Through a pooler they stay: a statement that they end is answered 503, or repeated.
  if (isPooled) return;
  for (const [name, ms] of Object.entries(found.limits))
    if (ms > 0 && ms < leastMs) await ask(`SELECT set_config('${name}', '${leastMs}', false)`);
  // Statements are short: of a list's 20 ms, compiling them was 15 where the planner expected many rows.
  if (found.jit === 'on') await ask(`SELECT set_config('jit', 'off', false)`);
}

const pinned = () => Object.entries(PINNED) as [keyof typeof PINNED, { isGood(value: string): boolean; to: string }][];

const refused = (name: string, value: string, to: string, { role, database }: Found) =>
  new DatabaseRefusedError(
    `${name} is "${value}" and cannot be set through the pooler: ALTER ROLE "${role}" IN DATABASE "${database}" SET ${name} = '${to}'`,
  );
