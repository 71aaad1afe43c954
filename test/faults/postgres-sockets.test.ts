import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { ConsoleClient } from '../../web/console/console-client.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { Api } from '../support/api.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { createClient } from '../support/sdk.ts';
import { waitFor } from '../support/server.ts';

const PATIENCE_MS = 120_000;
const title = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

describe.runIf(postgresPrograms !== undefined)(`sockets opened while PostgreSQL is down${title}`, () => {
  let cluster: PostgresCluster;
  let folder: TestDatabase;
  let server: ServerProcess;
  let admin: Api;
  let student: Api;
  let session: Session;
  let examId: string;

  beforeAll(async () => {
    cluster = await PostgresCluster.start();
    folder = await createDatabase('pglite');
    server = new ServerProcess(await freePort(), { ...folder, url: cluster.url }, { VISION: 'off' });
    await server.start();
    admin = await server.admin();
    examId = (await admin.createExam()).id;
    student = new Api(server.url);
    await student.register('student@example.org', 'long enough', 'Student');
    session = await student.startSession(examId);
  });
  afterEach(async () => {
    if (!cluster.isRunning) await cluster.start();
    await cluster.thaw();
    await waitFor('readiness', async () => (await fetch(`${server.url}/ready`)).status === 200, PATIENCE_MS);
  });
  afterAll(async () => {
    await server?.stop('SIGKILL');
    await cluster?.remove();
    await folder?.remove();
  });

  const outages = [
    ['killed', () => cluster.crash(), () => cluster.start()],
    ['frozen', () => cluster.freeze(), () => cluster.thaw()],
  ] as const;

  test.each(outages)(
    'a ticket that PostgreSQL, %s, cannot confirm closes the socket with 1012 and a retryable error, exam and console alike',
    { timeout: 2 * PATIENCE_MS },
    async (_, goDown) => {
      const tickets = [
        [await student.examTicket(session.id), { type: 'hello' }],
        [await admin.consoleTicket(), { type: 'subscribe', exam: examId }],
      ] as const;
      await goDown();
      for (const [ticket, greeting] of tickets) {
        const socket = new RawSocket(server.url, ticket);
        await socket.opened();
        socket.send(greeting);
        expect(await socket.next('error')).toMatchObject({ code: 'unavailable', retryable: true });
        expect(await socket.closed()).toBe(1012);
      }
    },
  );

  test.each(outages)(
    'the clients of exam and console retry by themselves while it is %s, are never signed out, and are live when it is back',
    { timeout: 2 * PATIENCE_MS },
    async (_, goDown, comeBack) => {
      await goDown();
      const states: string[] = [];
      const client = createClient(student, session.id);
      const watcher = new ConsoleClient(
        { server: server.url, getTicket: () => admin.consoleTicket(), WebSocket },
        { exam: examId },
      );
      client.on('state', ({ state }) => states.push(`exam ${state}`));
      watcher.on('state', ({ state }) => states.push(`console ${state}`));
      const connected = client.connect();
      watcher.connect();
      const retries = (name: string) => states.filter((state) => state === `${name} waiting`).length;
      await waitFor('retries', () => retries('exam') >= 2 && retries('console') >= 2, PATIENCE_MS);
      await comeBack();
      await connected;
      await waitFor('the console', () => states.includes('console live'), PATIENCE_MS);
      client.signal('PASTE', {});
      await client.drained();
      expect([...new Set(states)].filter((state) => !/ (?:connecting|waiting|live)$/.test(state))).toEqual([]);
      client.close();
      watcher.close();
    },
  );
});
