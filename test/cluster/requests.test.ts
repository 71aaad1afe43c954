import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { signal, startAttempt } from '../support/attempt.ts';
import { type Cluster, hasCluster, onCluster, startCluster } from '../support/cluster.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let cluster: Cluster;
let a: TestServer;
let b: TestServer;
beforeAll(async () => {
  if (!hasCluster) return;
  cluster = await startCluster();
  [a, b] = cluster.nodes as [TestServer, TestServer];
});
afterAll(() => cluster?.[Symbol.asyncDispose]());

/** The same person at another server. */
function at(server: TestServer, who: Api): Api {
  const api = server.api();
  api.tokens = who.tokens;
  return api;
}

const consoleAt = async (server: TestServer, who: Api) => {
  const socket = new RawSocket(server.url, await at(server, who).consoleTicket());
  await socket.opened();
  return socket;
};

const inCluster = (title: string, work: () => Promise<void>) => test.runIf(hasCluster)(`${title}${onCluster}`, work);

inCluster('a message given at another node reaches the student once, and the student stays', async () => {
  const attempt = await startAttempt(a);
  const student = await attempt.connect();
  const proctor = await consoleAt(b, await a.proctor());
  proctor.send({ type: 'command', session: attempt.session.id, do: 'message', text: 'Look at me' });
  expect(await student.next('notice')).toMatchObject({ text: 'Look at me' });
  student.send(signal(1));
  expect(await student.next('ack')).toMatchObject({ seq: 1 });
  expect(student.isOpen).toBe(true);
  expect(await attempt.types()).toEqual(['PROCTOR_MESSAGE', 'TAB_SWITCH']);
  // What is asked later comes later.
  proctor.send({ type: 'command', session: attempt.session.id, do: 'message', text: 'Thank you' });
  await student.until('the second message', () => student.of('notice').some(({ text }) => text === 'Thank you'));
  expect(student.of('notice').map(({ text }) => text)).toEqual(['Look at me', 'Thank you']);
  expect(proctor.of('error')).toEqual([]);
  proctor.close();
  student.close();
});

inCluster(
  'a thousand commands from a node that is not the owner: each reaches the student once, in one order',
  async () => {
    const attempt = await startAttempt(a);
    const student = await attempt.connect();
    const proctor = at(b, await a.proctor());
    const texts = Array.from({ length: 1000 }, (_, n) => `message ${n}`);
    const give = async (text: string) => {
      const body = { sessions: [attempt.session.id], do: 'message', text };
      expect(await proctor.post('/api/sessions/commands', body)).toMatchObject({ failed: [] });
    };
    for (let from = 0; from < texts.length; from += 50) await Promise.all(texts.slice(from, from + 50).map(give));
    await student.until('all messages', () => student.of('notice').length >= texts.length);
    const got = student.of('notice').map(({ text }) => String(text));
    expect(got.toSorted()).toEqual(texts.toSorted());
    const seqs = student.of('notice').map(({ seq }) => Number(seq));
    expect(seqs).toEqual(seqs.toSorted((x, y) => x - y));
    student.close();
  },
);

inCluster("the student's own report, a posted review, a flag and the end work at every node", async () => {
  const attempt = await startAttempt(a);
  const student = await attempt.connect();
  const own = at(b, attempt.student);
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'the-key' };
  const body = JSON.stringify({ sessionId: attempt.session.id, type: 'TAB_SWITCH' });
  const report = () => own.send('POST', '/api/proctoring/event', { body, headers });
  const first = await report();
  expect(first.status).toBe(201);
  // Repeated, at either node, it is the stored one.
  expect((await report()).body).toEqual(first.body);
  const { id } = first.body as { id: string };
  const admin = at(b, a.admin);
  expect(await admin.post(`/api/events/${id}/review`, { decision: 'dismissed', reason: 'a lapse' })).toMatchObject({
    event: { id, review: 'dismissed' },
  });
  const ended = student.next('ended');
  expect(await admin.post(`/api/sessions/${attempt.session.id}/end`, {})).toMatchObject({ status: 'ended' });
  expect(await ended).toMatchObject({ reason: 'ended' });
  expect(await student.closed()).toBe(4410);
});

inCluster('errors of the owner are those of the node that was asked', async () => {
  const attempt = await startAttempt(a);
  const student = await attempt.connect();
  const proctor = await consoleAt(b, await a.proctor());
  proctor.send({ type: 'command', session: attempt.session.id, do: 'extend', minutes: 5 });
  expect(await proctor.next('error')).toMatchObject({ code: 'no_deadline' });
  student.close();
  proctor.close();
});

inCluster(
  'a student who reconnects at another node is told nothing wrong, and the older socket is closed',
  async () => {
    const attempt = await startAttempt(a);
    const onA = await attempt.connect();
    onA.send(signal(1));
    await onA.next('ack');
    const { stream } = onA.of('welcome')[0]!;
    const onB = await greet(b.url, await at(b, attempt.student).examTicket(attempt.session.id), {
      resume: { stream, lastSeq: 1 },
    });
    expect(await onA.closed()).toBe(4409);
    onB.send(signal(2, 'COPY'));
    await onB.next('ack');
    const proctor = await consoleAt(a, await a.proctor());
    proctor.send({ type: 'command', session: attempt.session.id, do: 'message', text: 'There you are' });
    expect(await onB.next('notice')).toMatchObject({ text: 'There you are' });
    onB.close();
    proctor.close();
  },
);

inCluster('logout, disabling and another role at one node close the sockets at all', async () => {
  const loggedOut = await a.proctor();
  const [disabled, demoted] = [await a.proctor(), await a.proctor()];
  const sockets = await Promise.all([loggedOut, disabled, demoted].map((who) => consoleAt(a, who)));
  for (const socket of sockets) {
    socket.send({ type: 'subscribe' });
    await socket.next('snapshot');
  }
  await b.api().post('/api/auth/logout', { refreshToken: loggedOut.tokens!.refreshToken });
  const admin = at(b, a.admin);
  await admin.request('PATCH', `/api/users/${disabled.userId}`, { disabled: true });
  await admin.request('PATCH', `/api/users/${demoted.userId}`, { role: 'reviewer' });
  for (const socket of sockets) expect(await socket.closed()).toBe(4401);
});

inCluster('without the bus, sockets of an ended login are closed all the same, and requests say why not', async () => {
  await using own = await startCluster();
  const [x, y] = own.nodes as [TestServer, TestServer];
  const attempt = await startAttempt(x);
  const student = await attempt.connect();
  const proctor = await x.proctor();
  const [onX, onY] = [await consoleAt(x, proctor), await consoleAt(y, await x.proctor())];
  onX.send({ type: 'subscribe' });
  await onX.next('snapshot');
  await own.nats.stop();
  await y.api().post('/api/auth/logout', { refreshToken: proctor.tokens!.refreshToken });
  expect(await onX.closed()).toBe(4401);
  onY.send({ type: 'command', session: attempt.session.id, do: 'message', text: 'lost' });
  expect(await onY.next('error')).toMatchObject({ code: 'unavailable', retryable: true });
  await own.nats.start();
  await waitFor('the message', async () => {
    onY.send({ type: 'command', session: attempt.session.id, do: 'message', text: 'found' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return student.of('notice').some(({ text }) => text === 'found');
  });
  expect(student.of('notice').some(({ text }) => text === 'lost')).toBe(false);
  student.close();
});

inCluster('a server starts and serves while there is no bus', async () => {
  const server = await startTestServer({
    database: cluster.database,
    env: {
      NATS_URL: 'nats://127.0.0.1:1',
      JWT_SECRET: 'j'.repeat(43),
      AUDIT_KEY: Buffer.alloc(32, 7).toString('base64url'),
    },
  });
  const attempt = await startAttempt(server);
  const student = await attempt.connect();
  student.send(signal(1));
  await student.next('ack');
  student.close();
  await server.close();
});
