import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { LeanExamSocket } from '../../lean/exam-socket.ts';
import { Api } from '../../../simulator/api.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../../protocol/version.ts';
import { SignalClient } from '../../signals/signal-client.ts';
import { WINDOW } from '../../signals/signal-load.ts';
import type { AttackPlan } from '../plan.ts';
import type { Traffic } from '../traffic.ts';

const TAKEOVERS_A_SECOND = 16;
const TICKETS = 400;
const UNREAD = 8;
const SLOW = 300;
const DRIP_MS = 250;
const UPGRADES_AT_ONCE = 64;
const AGAIN_MS = 250;

const QUIET = { analysed: () => {}, acked: () => {}, told: () => {}, ended: () => {} };

async function ticketOf(
  { url }: AttackPlan,
  { token, session }: AttackPlan['students'][number],
  traffic: Traffic,
): Promise<string | undefined> {
  try {
    const { ticket } = await new Api(url, token).ticket(session);
    traffic.count('tickets');
    return ticket;
  } catch (error) {
    traffic.count(`ticket: ${(error as { code?: string }).code ?? 'failed'}`);
    return undefined;
  }
}

async function openExam(
  plan: AttackPlan,
  student: AttackPlan['students'][number],
  traffic: Traffic,
): Promise<LeanExamSocket | undefined> {
  const ticket = await ticketOf(plan, student, traffic);
  if (ticket === undefined) return undefined;
  try {
    const socket = await LeanExamSocket.open({ url: plan.url, ticket }, QUIET);
    traffic.count('greeted');
    return socket;
  } catch (error) {
    traffic.count((error as Error).message);
    return undefined;
  }
}

/** Sends until closed or until the time is up. */
async function flood(url: string, ticket: string, traffic: Traffic): Promise<void> {
  const ended = new AbortController();
  const client = await SignalClient.connect({ url, ticket }, WINDOW, (reason) => {
    traffic.count(reason);
    ended.abort();
  }).catch(() => undefined);
  client?.start();
  await pause(traffic.leftMs, undefined, { signal: ended.signal }).catch(() => undefined);
  for (let n = 0; n < (client?.acked ?? 0); n++) traffic.count('acknowledged');
  client?.close();
}

/** Keeps a full window of signals in flight; closed sockets reconnect. */
export async function signalsBySocket(plan: AttackPlan, traffic: Traffic): Promise<void> {
  while (!traffic.isOver) {
    const ticket = await ticketOf(plan, plan.students[0]!, traffic);
    if (ticket !== undefined) {
      await flood(plan.url, ticket, traffic);
    }
    await pause(AGAIN_MS);
  }
}

export async function takeovers(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const sockets: LeanExamSocket[] = [];
  do {
    const socket = await openExam(plan, plan.students[0]!, traffic);
    if (socket) sockets.push(socket);
    await pause(1000 / TAKEOVERS_A_SECOND);
  } while (!traffic.isOver);
  for (const socket of sockets) socket.close();
}

/** An upgrade request with nothing after it. */
function upgrade(url: string, ticket: string, traffic: Traffic): ReturnType<typeof connect> {
  const { hostname, port } = new URL(url);
  const lines = [
    'GET /ws/exam HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${PROTOCOL}, ${TICKET_PREFIX}${ticket}`,
  ];
  const socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
  socket.once('data', (data: Buffer) => traffic.count(`upgrade: ${data.toString('latin1', 9, 12)}`));
  socket.on('error', () => {});
  return socket;
}

/** Fetches tickets as fast as the server issues them and opens a silent socket for each. */
export async function ticketsToSockets(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const open: ReturnType<typeof connect>[] = [];
  for (let n = 0; n < TICKETS && !traffic.isOver; n++) {
    const ticket = await ticketOf(plan, plan.students[n % plan.students.length]!, traffic);
    if (ticket !== undefined) open.push(upgrade(plan.url, ticket, traffic));
  }
  await pause(traffic.leftMs);
  for (const socket of open) socket.destroy();
}

/** Sockets that never read, and connections that send one byte at intervals. */
export async function unreadAndSlow(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const open: ReturnType<typeof connect>[] = [];
  for (const student of plan.students.slice(0, UNREAD)) {
    const ticket = await ticketOf(plan, student, traffic);
    if (ticket !== undefined) open.push(upgrade(plan.url, ticket, traffic).pause());
  }
  const { hostname, port } = new URL(plan.url);
  for (let n = 0; n < SLOW && !traffic.isOver; n++) {
    const socket = connect(Number(port), hostname, () =>
      socket.write(
        n % 2 === 0
          ? 'GET /ready HTTP/1.1\r\nHost: x\r\nX-Slow: '
          : 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      ),
    );
    socket.on('error', () => {});
    socket.on('close', () => traffic.count('slow: ended'));
    open.push(socket);
  }
  while (!traffic.isOver) {
    for (const socket of open.slice(UNREAD)) if (socket.writable) socket.write('a');
    await pause(DRIP_MS);
  }
  for (const socket of open) socket.destroy();
}

/** Each on a new connection, with an invalid ticket. */
export async function badUpgrades({ url }: AttackPlan, traffic: Traffic): Promise<void> {
  const one = async (): Promise<void> => {
    do {
      const socket = upgrade(url, 'A'.repeat(43), traffic);
      await new Promise((resolve) => socket.once('close', resolve).once('data', () => socket.destroy()));
    } while (!traffic.isOver);
  };
  await Promise.all(Array.from({ length: UPGRADES_AT_ONCE }, one));
}
