import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantAppRole } from '../../db/app-role.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import type { Event } from '../../protocol/events.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import { signal, startAttempt } from '../support/attempt.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { postgresUrl } from '../support/requirements.ts';
import { startTestServer, waitFor } from '../support/server.ts';

const REFUSED = { code: '42501' };

describe.runIf(postgresUrl !== undefined)('a server with a database role that cannot change the audit log', () => {
  const role = `invigil_app_${randomBytes(4).toString('hex')}`;
  let at: TestDatabase;
  let owner: OpenDatabase;
  let asRole: TestDatabase;

  beforeAll(async () => {
    at = await createDatabase('postgres');
    owner = await openDatabase(at);
    await migrate(owner.db);
    await grantAppRole(owner.db, role);
    // Again, as after an upgrade.
    await grantAppRole(owner.db, role);
    await sql`ALTER ROLE ${sql.id(role)} PASSWORD 'a password for tests'`.execute(owner.db);
    const url = new URL(at.url!);
    [url.username, url.password] = [role, 'a password for tests'];
    asRole = { ...at, url: url.href };
  });
  afterAll(async () => {
    await owner?.close();
    await at?.remove();
    const cluster = await openDatabase({ url: postgresUrl, dataDir: '' });
    await sql`DROP ROLE IF EXISTS ${sql.id(role)}`.execute(cluster.db);
    await cluster.close();
  });

  test('works completely and keeps a valid log', async () => {
    await using site = await startTestServer({ database: asRole, env: { FACE_MODEL: 'none' } });
    const proctor = await site.proctor();
    const { exam, student, session, connect } = await startAttempt(site);
    const socket = await connect();
    socket.send(signal(1));
    await socket.next('ack');
    const [event] = await student.events(session.id);
    await proctor.post(`/api/events/${event!.id}/review`, { decision: 'confirmed', reason: 'seen' });
    socket.send({ type: 'finish' });
    await socket.closed();
    await proctor.post(`/api/sessions/${session.id}/verdict`, { verdict: 'no_concern', reason: 'nothing there' });
    await site.admin.post(`/api/sessions/${session.id}/rescore`, { policyVersion: 1 });
    await site.admin.request('PATCH', `/api/users/${student.userId}`, { disabled: true });
    await site.admin.post('/api/blockchain/initialize');
    for (const status of ['completed', 'archived'])
      await site.admin.request('PATCH', `/api/exams/${exam.id}/status`, { status });
    await site.admin.request('DELETE', `/api/exams/${exam.id}`);
    const other = await startAttempt(site);
    await other.student.post<Event>('/api/proctoring/event', { sessionId: other.session.id, type: 'COPY' });
    let log: AuditVerification | undefined;
    await waitFor('a checkpoint', async () => {
      log = await site.admin.get<AuditVerification>('/api/blockchain/verify');
      return !log.valid || log.vouched > 0;
    });
    expect(log).toMatchObject({ valid: true, records: 1 });
    expect(await site.admin.get('/health')).toMatchObject({ audit: 'ok' });
  });

  test.each(['audit_entries', 'audit_leaves', 'audit_checkpoints'])(
    'cannot change, remove or empty %s, nor what guards it',
    async (table) => {
      const opened = await openDatabase(asRole);
      const name = sql.table(table);
      try {
        const { rows } = await sql<{
          column: string;
        }>`SELECT column_name AS column FROM information_schema.columns WHERE table_name = ${table} LIMIT 1`.execute(
          opened.db,
        );
        const column = sql.id(rows[0]!.column);
        for (const statement of [
          sql`UPDATE ${name} SET ${column} = ${column}`,
          sql`DELETE FROM ${name}`,
          sql`TRUNCATE ${name}`,
          sql`ALTER TABLE ${name} DISABLE TRIGGER USER`,
          sql`DROP TABLE ${name}`,
          sql`SET session_replication_role = replica`,
          sql`CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
        ])
          await expect(statement.execute(opened.db)).rejects.toMatchObject(REFUSED);
      } finally {
        await opened.close();
      }
    },
  );

  test.each([
    'DELETE FROM audit_heads',
    'TRUNCATE audit_heads',
    'DELETE FROM audit_tiles',
    'TRUNCATE audit_tiles',
    'UPDATE audit_queue SET seq = 1',
    'TRUNCATE audit_queue',
    "INSERT INTO kysely_migration VALUES ('x', 'y')",
  ])('cannot %s', async (statement) => {
    const opened = await openDatabase(asRole);
    try {
      await expect(sql.raw(statement).execute(opened.db)).rejects.toMatchObject(REFUSED);
    } finally {
      await opened.close();
    }
  });

  test('has the rights of a server on all other tables', async () => {
    const { rows } = await sql<{ table: string; all: boolean }>`
      SELECT tablename AS table, bool_and(has_table_privilege(${role}, 'public.' || tablename, privilege)) AS all
      FROM pg_tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
      WHERE schemaname = 'public' AND tablename NOT LIKE 'audit\_%' AND tablename NOT LIKE 'kysely\_%' GROUP BY tablename`.execute(
      owner.db,
    );
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter(({ all }) => !all)).toEqual([]);
  });

  test.each(['', 'Robert', 'a-b', 'x"; DROP TABLE users; --', 'x'.repeat(64)])('is not named %j', async (name) => {
    await expect(grantAppRole(owner.db, name)).rejects.toThrow(RangeError);
  });
});
