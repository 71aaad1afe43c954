import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditVerification, AuditVerificationState } from '../../protocol/http/audit.ts';
import { HeldStatements, VERIFICATION_PAGES } from '../support/held-statements.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

const PATH = '/api/audit/verification';

let held: HeldStatements;
let site: TestServer;
beforeEach(async () => {
  held = new HeldStatements(VERIFICATION_PAGES);
  site = await startTestServer({ overrides: { db: held.wrap } });
});
afterEach(async () => {
  held.release();
  await site.close();
});

const state = () => site.admin.get<AuditVerificationState>(PATH);
const start = (api = site.admin) => api.post<AuditVerificationState>(PATH);
async function ended(): Promise<AuditVerificationState> {
  await waitFor('the end', async () => (await state()).state !== 'running');
  return state();
}

test('a verification runs in the background and keeps its result', async () => {
  expect(await state()).toMatchObject({ state: 'never', result: null, progress: null });
  held.hold();
  const by = { id: site.admin.userId, name: site.admin.tokens?.user.name };
  expect(await start()).toMatchObject({ state: 'running', startedBy: by, progress: { checked: 0, leaves: 0 } });
  held.release();
  expect(await ended()).toMatchObject({ state: 'done', startedBy: by, result: { valid: true }, progress: null });
});

test('progress counts up to the size of the log', async () => {
  held.hold();
  await start();
  await waitFor('the size', async () => typeof (await state()).progress?.of === 'number');
  const { progress } = await state();
  held.release();
  const { result } = await ended();
  expect(result!.leaves).toBeGreaterThanOrEqual(progress!.of!);
});

test('a second start joins the running verification', async () => {
  const other = await newPerson(site, 'admin');
  held.hold();
  await start();
  expect(await start(other)).toMatchObject({ state: 'running', startedBy: { id: site.admin.userId } });
});

test('any admin can cancel it; a request that shares its run still gets the result', async () => {
  const other = await newPerson(site, 'admin');
  held.hold();
  await start();
  const waiting = site.admin.get<AuditVerification>('/api/blockchain/verify');
  await expect(other.request('DELETE', PATH)).resolves.toMatchObject({ state: 'cancelled', result: null });
  held.release();
  expect(await waiting).toMatchObject({ valid: true });
  expect(await state()).toMatchObject({ state: 'cancelled', startedBy: { id: site.admin.userId } });
  await start();
  expect(await ended()).toMatchObject({ state: 'done', result: { valid: true } });
});

test('the first broken entry is named', async () => {
  const { db } = held;
  await sql`ALTER TABLE audit_entries DISABLE TRIGGER USER`.execute(db);
  await sql`UPDATE audit_entries SET payload = '{"role":"student"}' WHERE event_type = 'USER_CREATED' AND entity_id = ${site.admin.userId}::uuid`.execute(
    db,
  );
  await start();
  expect(await ended()).toMatchObject({
    state: 'done',
    result: {
      valid: false,
      firstBad: { reason: 'payload', entityType: 'user', entityId: site.admin.userId, position: 1 },
    },
  });
});

test('a server that is closed cancels it', async () => {
  held.hold();
  await start();
  const closed = site.close();
  held.release();
  await closed;
});
