import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CHECK_MAX_BYTES, CHECK_MESSAGE_BYTES } from '../../protocol/check-socket.ts';
import { BareSocket } from '../support/bare-socket.ts';
import { OP } from '../support/frames.ts';
import { readMetrics } from '../support/gauges.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** The system check's socket: open to everybody, so bounded in every way. */
let site: TestServer;
beforeAll(async () => (site = await startTestServer({ env: { CONNECTIONS_PER_ADDRESS: '0' } })));
afterAll(() => site.close());

const open: BareSocket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await waitFor('no check socket', async () => (await sockets()) === 0);
});

const sockets = async () => (await readMetrics(site.url))('invigil_sockets', 'kind="check"');
const shed = async (limit: string) => (await readMetrics(site.url))('invigil_shed_total', `limit="${limit}"`);
const visit = (headers: Record<string, string | undefined> = {}) => {
  const socket = new BareSocket(
    site.url,
    { ticket: '', url: '/ws/check' },
    { headers: { 'Sec-WebSocket-Protocol': undefined, ...headers } },
  );
  open.push(socket);
  return socket;
};
const texts = ({ frames }: BareSocket) =>
  frames.filter(({ opcode }) => opcode === OP.text).map(({ payload }) => payload.toString());
const binary = (payload: Buffer) => ({ opcode: OP.binary, payload });

test('without a login it tells the time and counts bytes, and sends back nothing that it received', async () => {
  const socket = visit();
  await socket.until('the time', () => texts(socket).length === 1);
  expect(Object.keys(JSON.parse(texts(socket)[0]!) as object)).toEqual(['time']);
  socket.send(binary(Buffer.from('<script>secret</script>')), binary(Buffer.alloc(CHECK_MESSAGE_BYTES)));
  await socket.until('both counts', () => texts(socket).length === 3);
  expect(texts(socket).slice(1)).toEqual(['{"bytes":23}', `{"bytes":${23 + CHECK_MESSAGE_BYTES}}`]);
  expect(JSON.stringify(socket.headers)).not.toContain('cookie');
});

test('text, a message over 4 KiB, more than its bytes or too many empty messages end a socket', async () => {
  const [text, large, greedy, chatty, pinging] = Array.from({ length: 5 }, () => visit());
  await Promise.all(open.map((socket) => socket.until('the time', () => texts(socket).length === 1)));
  text!.send({ opcode: OP.text, payload: Buffer.from('{"echo":"this"}') });
  large!.send(binary(Buffer.alloc(CHECK_MESSAGE_BYTES + 1)));
  const full = binary(Buffer.alloc(CHECK_MESSAGE_BYTES));
  greedy!.send(...Array.from({ length: CHECK_MAX_BYTES / CHECK_MESSAGE_BYTES + 1 }, () => full));
  chatty!.send(...Array.from({ length: 200 }, () => binary(Buffer.alloc(0))));
  pinging!.send(...Array.from({ length: 200 }, () => ({ opcode: OP.ping, payload: Buffer.alloc(0) })));
  await Promise.all(open.map((socket) => socket.until('its end', () => socket.ended)));
  expect([text!.closed?.code, greedy!.closed?.code, chatty!.closed?.code, pinging!.closed?.code]).toEqual([
    4400, 4429, 4429, 4429,
  ]);
  expect(texts(text!).join('')).not.toContain('this');
  expect(texts(greedy!)).toHaveLength(1 + CHECK_MAX_BYTES / CHECK_MESSAGE_BYTES);
});

test('a silent client is closed after some seconds, also one that answers no close frame', async () => {
  const silent = visit();
  await silent.until('the close', () => silent.closed !== undefined);
  expect(silent.closed?.code).toBe(1000);
  await waitFor('no check socket', async () => (await sockets()) === 0);
  await silent.until('the end of the connection', () => silent.ended);
});

test('other origins and broken handshakes are refused; a plain request learns that the path is there', async () => {
  const [foreign, old] = [visit({ Origin: 'https://evil.example' }), visit({ 'Sec-WebSocket-Version': '8' })];
  await Promise.all([foreign.answered(), old.answered()]);
  expect([foreign.status, old.status]).toEqual([403, 400]);
  const answer = await fetch(`${site.url}/ws/check`);
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'bad_request']);
  expect((await fetch(`${site.url}/ws/check`, { method: 'POST' })).status).toBe(405);
});

/** Last: the network of the test has used up its handshakes then. */
test('one network has 40 sockets and 120 handshakes; the rest is refused with a retry, and logins are not affected', async () => {
  const crowd = Array.from({ length: 45 }, () => visit());
  await waitFor('the limit', () => crowd.filter(({ closed }) => closed?.code === 1013).length === 5);
  expect(crowd.every(({ status }) => status === 101)).toBe(true);
  expect(await sockets()).toBe(40);
  expect(await shed('check_sockets')).toBe(5);
  const more = Array.from({ length: 200 }, () => visit());
  await waitFor('answers to all', () => more.every(({ status }) => status !== undefined));
  const refused = more.filter(({ status }) => status === 429).length;
  expect(refused).toBeGreaterThan(50);
  expect(await shed('check_handshakes')).toBe(refused);
  // The page asks in this way why its socket failed.
  const probe = await fetch(`${site.url}/ws/check`);
  expect([probe.status, Number(probe.headers.get('retry-after')) > 0]).toEqual([429, true]);
  // Exams and logins have limits of their own.
  const student = await site.student();
  const exam = await site.admin.createExam({}, { title: 'During the flood' });
  const session = await student.startSession(exam.id);
  const ticket = await student.post<{ ticket: string; url: string }>(`/api/sessions/${session.id}/ticket`);
  const examSocket = new BareSocket(site.url, ticket);
  await examSocket.answered();
  expect(examSocket.status).toBe(101);
  examSocket.destroy();
});
