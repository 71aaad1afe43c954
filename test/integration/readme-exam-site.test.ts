import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session, Ticket } from '../../protocol/http/sessions.ts';
import { InvigilClient } from '../../web/sdk/client.ts';
import { ADMIN } from '../support/admin.ts';
import type { Api } from '../support/api.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const MINUTE = 60_000;

let site: TestServer;
/** The server's clock runs ahead of ours by this much. */
let ahead = 0;
let student: Api;
let exam: string;
let key: { id: string; key: string };
const programs: ChildProcess[] = [];

/** Their own login has expired with the clock. */
const logInAdmin = () => site.admin.login(ADMIN.email, ADMIN.password);

beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
  student = await site.student();
  exam = (await site.admin.createExam()).id;
  key = await site.admin.post('/api/keys', { name: 'My exam site', scopes: ['tickets'] });
});
afterAll(async () => {
  for (const program of programs) program.kill();
  await site?.close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs `exam-site.mjs` of the README, with the addresses of this test. @returns its URL */
async function runExamSite(): Promise<string> {
  const [, program] = /`exam-site\.mjs`:\n\n```js\n([^]*?)```/.exec(README) ?? [];
  const port = await freePort();
  const path = join(await temporaryFolder('exam-site'), 'exam-site.mjs');
  writeFileSync(path, program!.replaceAll('http://127.0.0.1:8080', site.url).replaceAll('3000', String(port)));
  const started = spawn(process.execPath, [path, exam, student.userId], {
    env: { ...process.env, INVIGIL_KEY: key.key },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  programs.push(started);
  let output = '';
  started.stdout.on('data', (text) => (output += String(text)));
  await waitFor('the exam site', () => output.includes(`http://localhost:${port}`));
  return `http://localhost:${port}`;
}

test("the README's exam site keeps a student proctored beyond 15 minutes, without the student's login (C8)", async () => {
  await student.post('/api/auth/logout');
  const url = await runExamSite();
  const html = await (await fetch(url)).text();
  const [, session = ''] = /data-session="([\w-]+)"/.exec(html) ?? [];
  let tickets = 0;
  const client = new InvigilClient({
    server: site.url,
    WebSocket,
    getTicket: async () => {
      const answer = await fetch(`${url}/ticket`, { method: 'POST' });
      const ticket = (await answer.json()) as Ticket;
      tickets += 1;
      return ticket;
    },
  });
  // Without frames, the clock opens incidents, too.
  const stored = new Set<string>();
  client.on('event', ({ id, type }) => type === 'TAB_SWITCH' && stored.add(id));
  let connections = 0;
  client.on('welcome', () => (connections += 1));
  await client.connect();
  expect(tickets).toBe(1);

  // Two lifetimes of a login's access token, in the steps of a real renewal.
  for (let renewal = 1; renewal <= 2; renewal++) {
    ahead = 14.5 * renewal * MINUTE;
    await waitFor(`renewal ${renewal}`, () => tickets === renewal + 1);
    client.signal('TAB_SWITCH');
    await waitFor('an event before the former expiry', () => stored.size === 2 * renewal - 1);
    ahead += MINUTE;
    client.signal('TAB_SWITCH');
    await waitFor('an event after it', () => stored.size === 2 * renewal);
  }
  expect(connections).toBe(1);

  await logInAdmin();
  expect(await site.admin.get<Session>(`/api/sessions/${session}`)).toMatchObject({
    studentId: student.userId,
    connected: true,
    startedBy: { kind: 'key', id: key.id },
  });
  await client.finish();
  const after = await fetch(`${url}/ticket`, { method: 'POST' });
  expect([after.status, await after.json()]).toMatchObject([409, { code: 'session_over' }]);
});

test("the README's exam site continues a running session, and asks again while its key is refused", async () => {
  await logInAdmin();
  exam = (await site.admin.createExam()).id;
  const session = await site.admin.post<Session>('/api/sessions', { examId: exam, studentId: student.userId });
  const url = await runExamSite();
  expect(await (await fetch(url)).text()).toContain(`data-session="${session.id}"`);
  expect((await fetch(`${url}/ticket`, { method: 'POST' })).status).toBe(200);
  await site.admin.request('DELETE', `/api/keys/${key.id}`);
  const refused = await fetch(`${url}/ticket`, { method: 'POST' });
  expect([refused.status, await refused.text()]).toEqual([503, '']);
});
