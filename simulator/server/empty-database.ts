import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { undoWhenLeaving } from './leaving.ts';

/**
 * Temporary database on a server where databases can be created; dropped afterwards, also if the benchmark is
 * interrupted.
 */
export async function emptyDatabase(serverUrl: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `invigil_bench_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: undoWhenLeaving(() => administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

/** Runs one statement on a connection of its own: databases are not made in transactions. */
export async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
