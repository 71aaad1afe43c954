import { describe, expect, test } from 'vitest';
import { createClient } from '../support/sdk.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { Api } from '../support/api.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { waitFor } from '../support/server.ts';
import { SteadySession } from '../support/steady-session.ts';

/** Where no frame is sent: a start is quicker without the inference host. */
const NO_VISION = { VISION: 'off' };

describe.for(KINDS)('stopping a server, on $title', ({ kind, available }) => {
  async function withServer(
    work: (server: ServerProcess) => Promise<void>,
    env: NodeJS.ProcessEnv = {},
  ): Promise<void> {
    const database = await createDatabase(kind);
    const server = new ServerProcess(await freePort(), database, env);
    try {
      await server.start();
      await work(server);
    } finally {
      await server.stop('SIGKILL');
      await database.remove();
    }
  }

  async function attempt(server: ServerProcess) {
    const exam = await (await server.admin()).createExam();
    const student = new Api(server.url);
    await student.register('student@example.org', 'long enough', 'Student');
    const session = await student.startSession(exam.id);
    return { student, session, client: createClient(student, session.id) };
  }

  test.runIf(available && kind === 'pglite')(
    'a load balancer sees the stop before clients do: /ready is 503 while new sockets are served, then the port closes (C11)',
    async () => {
      await withServer(
        async (server) => {
          const exam = await (await server.admin()).createExam();
          const [first, second] = await Promise.all(
            ['first', 'second'].map(async (name) => {
              const student = new Api(server.url);
              await student.register(`${name}@example.org`, 'long enough', 'Student');
              return { student, session: await student.startSession(exam.id) };
            }),
          );
          const before = await SteadySession.open(first!.student, first!.session.id);
          const ready = () =>
            fetch(`${server.url}/ready`).then(
              ({ status }) => status,
              () => 'refused' as const,
            );
          expect(await ready()).toBe(200);
          const stopped = server.stop('SIGTERM');
          await waitFor('/ready to be 503', async () => (await ready()) === 503);
          const during = await SteadySession.open(second!.student, second!.session.id);
          expect([before.closeCode, during.closeCode]).toEqual([undefined, undefined]);
          expect(await ready()).toBe(503);
          await waitFor('the port to close', async () => (await ready()) === 'refused');
          expect(await stopped).toBe(0);
          await waitFor('both closes', () => before.closeCode !== undefined && during.closeCode !== undefined);
          expect([before.closeCode, during.closeCode]).toEqual([1012, 1012]);
          before.stop();
          during.stop();
        },
        { ...NO_VISION, DRAIN_SECONDS: '9', DRAIN_NOTICE_SECONDS: '8' },
      );
    },
  );

  test.runIf(available && kind === 'pglite')('Ctrl-C skips the notice, which is for load balancers', async () => {
    await withServer(
      async (server) => {
        // The notice alone would be ten minutes.
        expect(await server.stop('SIGINT')).toBe(0);
      },
      { ...NO_VISION, DRAIN_SECONDS: '600', DRAIN_NOTICE_SECONDS: '600' },
    );
  });

  test.runIf(available)(
    'SIGTERM tells clients to reconnect, commits acknowledged signals and exits with 0 (C11)',
    async () => {
      await withServer(async (server) => {
        const { student, session, client } = await attempt(server);
        await client.connect();
        const closes: (number | undefined)[] = [];
        client.on('state', ({ closeCode }) => closeCode !== undefined && closes.push(closeCode));
        for (let i = 0; i < 30; i++) client.signal('TAB_SWITCH');
        await client.drained();
        expect(await server.stop('SIGTERM')).toBe(0);
        expect(closes[0]).toBe(1012);
        // It retries at once and finds no server during shutdown.
        expect(closes.slice(1).filter((code) => code !== 1006)).toEqual([]);
        for (let i = 0; i < 10; i++) client.signal('COPY');
        await server.start();
        await client.drained();
        const events = await student.events(session.id);
        client.close();
        expect(events.filter((event) => event.type === 'TAB_SWITCH').length).toBe(30);
        expect(events.filter((event) => event.type === 'COPY').length).toBe(10);
        expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
        // A gap, not an offence (E6).
        expect(events.filter((event) => event.type.startsWith('CONNECTION')).map((event) => event.weight)).toEqual([
          0, 0,
        ]);
      });
    },
  );

  test.runIf(available)('SIGKILL loses and duplicates no acknowledged signal (S3 S4)', async () => {
    await withServer(async (server) => {
      const { student, session, client } = await attempt(server);
      await client.connect();
      // Within a session's burst: signals beyond it are only counted (S10).
      let [sent, most] = [0, 0];
      const sending = setInterval(() => sent < most && client.signal('PASTE', { n: ++sent }), 3);
      for (let kill = 0; kill < 3; kill++) {
        const goal = sent + 150;
        most = goal + 30;
        await waitFor('signals', () => sent >= goal);
        await server.stop('SIGKILL');
        await server.start();
      }
      clearInterval(sending);
      await client.drained();
      client.close();
      const stored = (await student.events(session.id))
        .filter((event) => event.type === 'PASTE')
        .map((event) => (event.details['data'] as { n: number }).n);
      expect(stored).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
    }, NO_VISION);
  });
});

test('a second server on the same folder refuses to start', async () => {
  const database = await createDatabase('pglite');
  const [first, second] = [
    new ServerProcess(await freePort(), database, NO_VISION),
    new ServerProcess(await freePort(), database, NO_VISION),
  ];
  try {
    await first.start();
    await expect(second.start()).rejects.toThrow('is in use by process');
  } finally {
    await Promise.all([first.stop('SIGKILL'), second.stop('SIGKILL')]);
    await database.remove();
  }
});

test('logs contain no passwords, tokens or tickets', async () => {
  const database = await createDatabase('pglite');
  const server = new ServerProcess(await freePort(), database, { LOG_LEVEL: 'trace' });
  try {
    await server.start();
    const student = new Api(server.url);
    await student.register('student@example.org', 'a very secret word', 'Student');
    const exam = await (await server.admin()).createExam();
    const session = await student.startSession(exam.id);
    const { ticket } = await student.examTicket(session.id);
    const client = createClient(student, session.id);
    await client.connect();
    await client.finish();
    await server.stop('SIGTERM');
    for (const secret of [
      'a very secret word',
      'a password for tests',
      ticket,
      student.tokens!.accessToken,
      student.tokens!.refreshToken,
    ]) {
      expect(server.output).not.toContain(secret);
    }
  } finally {
    await server.stop('SIGKILL');
    await database.remove();
  }
});
