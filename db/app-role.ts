import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** The only rights of the server on the tables of the audit log: entries, leaves and checkpoints are never changed. */
const LOG_TABLES = {
  audit_entries: 'SELECT, INSERT',
  audit_leaves: 'SELECT, INSERT',
  audit_checkpoints: 'SELECT, INSERT',
  audit_heads: 'SELECT, INSERT, UPDATE',
  audit_tiles: 'SELECT, INSERT, UPDATE',
  audit_queue: 'SELECT, INSERT, DELETE',
  // Migrations are run by the owner.
  kysely_migration: 'SELECT',
  kysely_migration_lock: 'SELECT',
} as const;

/** Valid without quotes in PostgreSQL. */
const ROLE_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Creates a role for running the server, or updates its rights: everything the server needs in the schema `public`, but
 * no changes to the audit log. To be run by the tables' owner after every migration. A new role has no password;
 * PostgreSQL only.
 * @throws RangeError for a name that would need quotes
 */
export async function grantAppRole(ex: Executor, role: string): Promise<void> {
  if (!ROLE_NAME.test(role))
    throw new RangeError('role name must be lower-case letters, digits and _, at most 63 characters');
  const name = sql.id(role);
  const there = await sql`SELECT FROM pg_roles WHERE rolname = ${role}`.execute(ex);
  if (there.rows.length === 0) await sql`CREATE ROLE ${name} LOGIN`.execute(ex);
  const { rows } = await sql<{ database: string }>`SELECT current_database() AS database`.execute(ex);
  await sql`GRANT CONNECT ON DATABASE ${sql.id(rows[0]!.database)} TO ${name}`.execute(ex);
  await sql`GRANT USAGE ON SCHEMA public TO ${name}`.execute(ex);
  await sql`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`.execute(ex);
  await sql`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${name}`.execute(ex);
  for (const [table, rights] of Object.entries(LOG_TABLES)) {
    await sql`REVOKE ALL ON ${sql.table(table)} FROM ${name}`.execute(ex);
    await sql`GRANT ${sql.raw(rights)} ON ${sql.table(table)} TO ${name}`.execute(ex);
  }
}
