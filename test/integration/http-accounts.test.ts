import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Tokens, User } from '../../protocol/http/accounts.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const PASSWORD = 'a long password';
interface Page {
  items: User[];
  nextCursor: string | null;
}

const byMachine = { 'content-type': 'application/json' };
const json = (value: unknown) => ({ body: JSON.stringify(value), headers: byMachine });

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer();
});
afterAll(() => site.close());

/** Someone of a role, signed in. */
async function someone(role: User['role'], at = site, name = 'Someone'): Promise<Api> {
  const email = `${uuidv7()}@example.org`;
  await at.admin.post('/api/users', { email, password: PASSWORD, name, role });
  const api = at.api();
  await api.login(email, PASSWORD);
  return api;
}

const change = (admin: Api, id: string, body: unknown) => admin.request<User>('PATCH', `/api/users/${id}`, body);

describe('the list of accounts', () => {
  test('is paged, newest first', async () => {
    const [a, b, c] = [await someone('student'), await someone('student'), await someone('student')];
    const first = await site.admin.get<Page>('/api/users?limit=2');
    expect(first.items.map((user) => user.id)).toEqual([c.userId, b.userId]);
    const second = await site.admin.get<Page>(`/api/users?limit=2&cursor=${first.nextCursor}`);
    expect(second.items[0]!.id).toBe(a.userId);
    expect(JSON.stringify([first, second])).not.toContain('argon2');
  });

  test('is filtered by role, by prefix of address or name, and by disabled state', async () => {
    const key = uuidv7();
    const proctor = await someone('proctor', site, `Ada ${key}`);
    const student = await someone('student', site, `Ada ${key}`);
    await change(site.admin, student.userId, { disabled: true });
    const ids = async (query: string) =>
      (await site.admin.get<Page>(`/api/users?${query}`)).items.map((user) => user.id);
    expect(await ids(`q=ada%20${key}`)).toEqual([student.userId, proctor.userId]);
    expect(await ids(`q=ada%20${key}&role=proctor`)).toEqual([proctor.userId]);
    expect(await ids(`q=ada%20${key}&disabled=true`)).toEqual([student.userId]);
    expect(await ids(`q=ada%20${key}&disabled=false`)).toEqual([proctor.userId]);
    expect(await ids(`q=${proctor.tokens!.user.email.toUpperCase()}`)).toEqual([proctor.userId]);
  });

  test.each(['role=root', 'disabled=yes', 'disabled=', 'q=', 'q=%00', 'limit=0', 'limit=201', 'cursor=1'])(
    'refuses ?%s',
    async (query) => {
      await expect(site.admin.get(`/api/users?${query}`)).rejects.toMatchObject({ status: 400, code: 'bad_request' });
    },
  );

  test('is for admins only', async () => {
    const path = `/api/users/${site.admin.userId}`;
    for (const role of ['student', 'proctor'] as const) {
      const api = await someone(role);
      await expect(api.get('/api/users')).rejects.toMatchObject({ status: 403, code: 'forbidden' });
      await expect(api.request('PATCH', path, { role: 'student' })).rejects.toMatchObject({
        status: 403,
        code: 'forbidden',
      });
      await expect(
        api.post('/api/users', { email: `${uuidv7()}@example.org`, password: PASSWORD, role: 'admin' }),
      ).rejects.toMatchObject({ status: 403 });
    }
    await expect(site.api().get('/api/users')).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
  });
});

describe('changing an account', () => {
  test('a new role applies from the next request on, also with an old token', async () => {
    const proctor = await someone('proctor');
    await proctor.consoleTicket();
    expect(await change(site.admin, proctor.userId, { role: 'student' })).toMatchObject({
      id: proctor.userId,
      role: 'student',
      disabledAt: null,
    });
    await expect(proctor.consoleTicket()).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    expect(await proctor.get('/api/auth/me')).toMatchObject({ role: 'student' });
    await change(site.admin, proctor.userId, { role: 'admin', name: 'Ada' });
    expect(await proctor.get<Page>('/api/users?limit=1')).toMatchObject({ items: [{ name: 'Ada', role: 'admin' }] });
    await change(site.admin, proctor.userId, { role: 'student' });
  });

  test('a new role closes sockets opened with the old one and voids its tickets (C9)', async () => {
    const proctor = await someone('proctor');
    const [open, late] = [await proctor.consoleTicket(), await proctor.consoleTicket()];
    const socket = new RawSocket(site.url, open);
    await socket.opened();
    socket.send({ type: 'subscribe' });
    await socket.next('snapshot');
    await change(site.admin, proctor.userId, { role: 'student' });
    expect(await socket.closed()).toBe(4401);
    const another = new RawSocket(site.url, late);
    expect(await another.closed()).toBe(4401);
    expect(another.of('error')).toMatchObject([{ code: 'bad_ticket' }]);
    expect(another.of('snapshot')).toEqual([]);
  });

  test('a new name or the same role closes no socket', async () => {
    const proctor = await someone('proctor');
    const socket = new RawSocket(site.url, await proctor.consoleTicket());
    await socket.opened();
    await change(site.admin, proctor.userId, { name: 'Grace', role: 'proctor', disabled: false });
    socket.send({ type: 'subscribe' });
    await socket.next('snapshot');
    expect([socket.isOpen, socket.of('error')]).toEqual([true, []]);
    socket.close();
  });

  test('disabling closes exam and console sockets and ends every login at once (C9)', async () => {
    const exam = await site.admin.createExam();
    const user = await someone('proctor');
    // Staff sit exams on ProctorBE's route only.
    const { id } = await user.post<{ id: string }>(`/sessions/start?exam_id=${exam.id}`);
    const examSocket = await greet(site.url, await user.examTicket(id));
    const console = new RawSocket(site.url, await user.consoleTicket());
    await console.opened();
    const elsewhere = site.api();
    await elsewhere.login(user.tokens!.user.email, PASSWORD);

    const disabled = await change(site.admin, user.userId, { disabled: true });
    expect(disabled.disabledAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await Promise.all([examSocket.closed(), console.closed()])).toEqual([4401, 4401]);
    for (const api of [user, elsewhere]) {
      await expect(api.get('/api/auth/me')).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
      await expect(api.post('/api/auth/refresh', { refreshToken: api.tokens!.refreshToken })).rejects.toMatchObject({
        status: 403,
        code: 'account_disabled',
      });
    }
    await expect(site.api().login(user.tokens!.user.email, PASSWORD)).rejects.toMatchObject({
      status: 403,
      code: 'account_disabled',
    });
    expect((await change(site.admin, user.userId, { disabled: true })).disabledAt).toBe(disabled.disabledAt);
  });

  test('enabling allows new logins, and revoked ones stay revoked', async () => {
    const user = await someone('student');
    await change(site.admin, user.userId, { disabled: true });
    expect(await change(site.admin, user.userId, { disabled: false })).toMatchObject({ disabledAt: null });
    await expect(user.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
    await expect(user.post('/api/auth/refresh', { refreshToken: user.tokens!.refreshToken })).rejects.toMatchObject({
      status: 401,
      code: 'refresh_reused',
    });
    await user.login(user.tokens!.user.email, PASSWORD);
    expect(await user.get('/api/auth/me')).toMatchObject({ id: user.userId });
  });

  test.each([
    {},
    { disable: true },
    { disabled: 'true' },
    { disabled: null },
    { role: 'root' },
    { role: ['admin'] },
    { name: '' },
    { email: 'no address' },
    { name: 'A', password: PASSWORD },
  ])('with %j is refused, and changes nothing', async (body) => {
    const user = await someone('student');
    await expect(change(site.admin, user.userId, body)).rejects.toMatchObject({ status: 400, code: 'bad_request' });
    expect(await user.get('/api/auth/me')).toMatchObject(user.tokens!.user);
  });

  test('changing an unknown account is 404', async () => {
    await expect(change(site.admin, uuidv7(), { name: 'A' })).rejects.toMatchObject({ status: 404, code: 'not_found' });
  });
});

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`the last admin, over ${title}`, () => {
    let own: TestServer;
    beforeAll(async () => {
      own = await startTestServer({ kind });
    });
    afterAll(() => own?.close());
    const admins = async (by: Api) =>
      (await by.get<Page>('/api/users?role=admin&disabled=false')).items.map((user) => user.id);

    test.each([{ disabled: true }, { role: 'student' }, { role: 'proctor' }])('cannot be given %j', async (body) => {
      await expect(change(own.admin, own.admin.userId, body)).rejects.toMatchObject({
        status: 409,
        code: 'last_admin',
      });
      expect(await admins(own.admin)).toEqual([own.admin.userId]);
    });

    test('can be renamed', async () => {
      expect(await change(own.admin, own.admin.userId, { name: 'Root', role: 'admin', disabled: false })).toMatchObject(
        { name: 'Root', role: 'admin' },
      );
    });

    test('remains when two admins demote each other concurrently', async () => {
      let one = own.admin;
      for (const bodies of [
        [{ disabled: true }, { disabled: true }],
        [{ role: 'student' }, { role: 'student' }],
        [{ role: 'proctor' }, { disabled: true }],
      ]) {
        const two = await someone('admin', { ...own, admin: one });
        const results = await Promise.allSettled([
          change(one, two.userId, bodies[0]),
          change(two, one.userId, bodies[1]),
        ]);
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
        // Whoever comes after the other's commit is nobody any more.
        const [lost] = results
          .filter((result) => result.status === 'rejected')
          .map((result) => (result.reason as { code: string }).code);
        expect(['last_admin', 'unauthenticated', 'forbidden']).toContain(lost);
        const winner = results[0].status === 'fulfilled' ? one : two;
        expect(await admins(winner)).toEqual([winner.userId]);
        one = winner;
      }
    });
  });
}

describe('ProctorBE registration and login', () => {
  const register = (api: Api, body: unknown) => api.send('POST', '/auth/register', json(body));
  const form = (fields: Record<string, string>) =>
    site.api().send('POST', '/auth/login', { body: new URLSearchParams(fields) });

  test.each([{}, { role: 'student' }])('registering with %j answers as ProctorBE does', async (role) => {
    const email = `${uuidv7()}@Example.org`;
    const answer = await register(site.api(), { email, password: PASSWORD, ...role });
    expect(answer).toMatchObject({ status: 200, body: { email: email.toLowerCase(), role: 'student' } });
    expect(Object.keys(answer.body as object).sort()).toEqual(['email', 'id', 'role']);
    expect(await register(site.api(), { email, password: PASSWORD })).toMatchObject({
      status: 403,
      body: { code: 'registration_refused' },
    });
  });

  test.each(['admin', 'proctor'])("a %s is made with an admin's token, and with nobody else's", async (role) => {
    const body = { email: `${uuidv7()}@example.org`, password: PASSWORD, role };
    const reason = "registration creates students only; other roles require an admin's token";
    for (const api of [site.api(), await someone('student'), await someone('proctor')]) {
      expect(await register(api, body)).toMatchObject({ status: 403, body: { code: 'forbidden', detail: reason } });
    }
    const broken = { authorization: 'Bearer x.y.z' };
    expect(
      await site
        .api()
        .send('POST', '/auth/register', { body: JSON.stringify(body), headers: { ...byMachine, ...broken } }),
    ).toMatchObject({ status: 401 });
    const made = await register(site.admin, body);
    expect(made).toMatchObject({ status: 200, body: { email: body.email, role } });
    const api = site.api();
    await api.login(body.email, PASSWORD);
    expect(api.tokens!.user).toMatchObject({ role, id: (made.body as { id: string }).id });
    await change(site.admin, api.userId, { role: 'student' });
  });

  test('an unknown role from an admin is a bad request', async () => {
    const answer = await register(site.admin, { email: `${uuidv7()}@example.org`, password: PASSWORD, role: 'Admin' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request', errors: [{ field: 'body.role' }] } });
  });

  test('a login by form returns a bearer token that works on every route', async () => {
    const { email } = (await someone('student')).tokens!.user;
    const answer = await form({ grant_type: 'password', username: email.toUpperCase(), password: PASSWORD, scope: '' });
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'bearer', expires_in: 900 } });
    const { access_token, refresh_token } = answer.body as { access_token: string; refresh_token: string };
    const me = await site.api().send('GET', '/api/auth/me', { headers: { authorization: `Bearer ${access_token}` } });
    expect(me).toMatchObject({ status: 200, body: { email } });
    expect(await site.api().post<Tokens>('/api/auth/refresh', { refreshToken: refresh_token })).toMatchObject({
      user: { email },
    });
  });

  test.each([
    ['a wrong password', { username: 'admin@example.org', password: 'wrong' }, 401, 'bad_credentials'],
    ['a name that is no address', { username: "' or 1=1 --", password: 'wrong' }, 401, 'bad_credentials'],
    ['a name that cannot be stored', { username: 'a\0b', password: 'wrong' }, 400, 'bad_request'],
    ['no name', { password: 'wrong' }, 400, 'bad_request'],
    ['no password', { username: 'admin@example.org' }, 400, 'bad_request'],
  ])('logging in with %s is refused', async (_, fields, status, code) => {
    expect(await form(fields as Record<string, string>)).toMatchObject({ status, body: { code } });
  });

  test('a login by JSON is refused: the route takes a form', async () => {
    expect(await site.api().send('POST', '/auth/login', json({ username: 'a', password: 'b' }))).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
  });
});
