import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import { up } from '../../db/migrations/0012-plain-names.ts';
import { findUserByEmail } from '../../db/users.ts';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { judge, release } from '../support/verdict-site.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let db: Db;
beforeAll(async () => {
  site = await startTestServer({ overrides: { db: (real: Db) => (db = real) } });
});
afterAll(() => site.close());

const HOSTILE = '\ufffc\u0378\u202eAda\u200b Love\u00adlace\u2069 \u0007';
const PLAIN = 'Ada Lovelace';

describe('invisible characters are removed', () => {
  test('from names: at registration, by an admin, on a change', async () => {
    const api = site.api();
    await api.register('hostile@example.org', 'a long passphrase of mine', HOSTILE);
    expect(api.tokens!.user.name).toBe(PLAIN);
    const made = await site.admin.post<{ id: string; name: string }>('/api/users', {
      email: 'made@example.org',
      password: 'a long passphrase of mine',
      name: HOSTILE,
      role: 'proctor',
    });
    expect(made.name).toBe(PLAIN);
    expect(await site.admin.request('PATCH', `/api/users/${made.id}`, { name: `${HOSTILE}\u3164 II` })).toMatchObject({
      name: `${PLAIN} II`,
    });
    await expect(site.admin.request('PATCH', `/api/users/${made.id}`, { name: '\u200b\u202e' })).rejects.toMatchObject({
      status: 400,
    });
  });

  test('from exam titles and rooms, on both paths', async () => {
    const exam = await site.admin.createExam({}, { title: HOSTILE });
    expect(exam.title).toBe(PLAIN);
    const old = await site.admin.send('POST', `/exams/?title=${encodeURIComponent(HOSTILE)}`);
    expect(old.body).toMatchObject({ title: PLAIN });
    const student = await site.student();
    expect(
      await site.admin
        .request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { room: '\u200bRoom\u00a0 1' })
        .catch((error: unknown) => error),
    ).toMatchObject({ room: 'Room 1' });
  });

  test('from names stored earlier', async () => {
    const student = await site.student();
    const email = student.tokens!.user.email;
    await sql`UPDATE users SET name = ${HOSTILE} WHERE email = ${email}`.execute(db);
    await up(db as never);
    expect((await findUserByEmail(db, email))?.name).toBe(PLAIN);
  });
});

test('consoles get the address with the name, and students get no address of staff', async () => {
  const attempt = await startAttempt(site, { release: { staffNames: true } });
  const proctor = await watchExam(site, attempt.exam.id);
  const [snapshot] = proctor.of('snapshot');
  expect(snapshot).toMatchObject({
    sessions: [{ studentName: 'Student', studentEmail: attempt.student.tokens!.user.email }],
  });
  proctor.close();
  await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
  const given = await judge(site.admin, attempt.session.id, 'no_concern', 'seen\u202e');
  await release(site.admin, attempt.session.id, given);
  expect(await site.admin.get(`/api/proctoring/attempt/${attempt.session.id}`)).toMatchObject({
    verdict: { reason: 'seen', by: { email: 'admin@example.org' } },
  });
  const mine = await attempt.student.get<{ verdict: { by: object } }>(
    `/api/proctoring/my-attempt/${attempt.session.id}`,
  );
  expect(Object.keys(mine.verdict.by).sort()).toEqual(['id', 'name']);
});
