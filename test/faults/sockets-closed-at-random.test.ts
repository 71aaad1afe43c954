import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { encodeFrame } from '../../protocol/frame.ts';
import { signal } from '../support/attempt.ts';
import { BareSocket } from '../support/bare-socket.ts';
import { BusySite } from '../support/busy-site.ts';
import { frame, OP } from '../support/frames.ts';
import { readMetrics } from '../support/gauges.ts';
import { jpeg } from '../support/pictures.ts';
import { waitFor } from '../support/server.ts';
import { SteadySession } from '../support/steady-session.ts';
import { sized } from '../support/size.ts';
import { randomChoices } from '../support/random.ts';

const { sockets, rounds, students } = sized(
  { sockets: 2000, rounds: 20, students: 200 },
  { sockets: 500, rounds: 3, students: 30 },
);
/** Sockets opened concurrently per round, and their maximum lifetime, ms. */
const AT_ONCE = 100;
const LONGEST_LIFE = 400;

const { below, oneOf } = randomChoices();
const PICTURES = Array.from({ length: 4 }, (_, index) => jpeg(index));

/**
 * Activity of an exam client at the moment it disconnects: a burst of signals, answered with events, risks and acks.
 */
function chatter(socket: BareSocket): void {
  socket.send({ opcode: OP.text, payload: '{"type":"hello"}' });
  for (let seq = 1 + below(2); seq <= 1 + below(60); seq++)
    socket.send({ opcode: OP.text, payload: JSON.stringify(signal(seq)) });
  if (below(2)) socket.send({ opcode: OP.binary, payload: encodeFrame({ seq: 1, capturedAt: 0 }, oneOf(PICTURES)) });
  if (below(4) === 0) socket.send({ opcode: OP.ping, payload: 'x' });
  if (below(8) === 0)
    socket.send({
      opcode: OP.text,
      payload: oneOf([
        'nonsense',
        '{"type":"hello"}',
        '{"type":"reauth","ticket":"x"}',
        JSON.stringify(signal(1, 'PASTE')),
        JSON.stringify(signal(500)),
      ]),
    });
  if (below(8) === 0) socket.stopReading();
}

const ENDS: readonly ((socket: BareSocket) => void)[] = [
  (socket) => socket.destroy(),
  (socket) => socket.reset(),
  (socket) => {
    socket.sendClose(1000);
    socket.destroy();
  },
  (socket) => {
    socket.sendBytes(frame({ opcode: OP.binary, payload: Buffer.alloc(5000) }).subarray(0, below(5000)));
    socket.reset();
  },
  (socket) => {
    chatter(socket);
    socket.reset();
  },
];

async function exam(site: BusySite, getTicket: () => Promise<{ ticket: string; url: string }>): Promise<void> {
  const socket = new BareSocket(site.url, await getTicket());
  if (below(10) > 0) await socket.answered().catch(() => {});
  if (below(10) > 0) chatter(socket);
  await sleep(below(LONGEST_LIFE));
  oneOf(ENDS)(socket);
}

async function consoleOf(site: BusySite): Promise<void> {
  const socket = new BareSocket(site.url, await site.admin.consoleTicket());
  socket.send({ opcode: OP.text, payload: JSON.stringify({ type: 'subscribe', exam: site.examId }) });
  await sleep(below(LONGEST_LIFE));
  oneOf(ENDS)(socket);
}

const REQUESTS = [
  'GET /exam HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n',
  'GET /sdk/invigil.iife.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50),
  'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n',
  'OPTIONS /api/exams HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20),
  'HEAD /exam HTTP/1.1\r\nHost: x\r\n\r\n',
  'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{"email":"nobody@example.org","password":"wrong"}           ',
  `POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n${' '.repeat(50_000)}`,
];

async function request(site: BusySite): Promise<void> {
  const { hostname, port } = new URL(site.url);
  const socket = connect(Number(port), hostname, () => socket.write(oneOf(REQUESTS)));
  socket.on('error', () => {});
  await sleep(below(60));
  if (below(2)) socket.destroy();
  else socket.resetAndDestroy();
}

test(
  'sockets torn down while the server sends cause no exception and leave no resources behind',
  { timeout: sized(1_800_000, 600_000) },
  async () => {
    const site = await BusySite.start({ CONNECTIONS_PER_ADDRESS: '0' }, { frames: { sendFps: 5, analyseFps: 5 } });
    try {
      const all = await site.students(students);
      const steady = await site.student();
      const through = await SteadySession.open(steady.api, steady.sessionId);
      through.start(100);
      let opened = 0;
      for (let round = 0; round < rounds; round++) {
        for (let done = 0; done < sockets; done += AT_ONCE) {
          await Promise.all(
            Array.from({ length: AT_ONCE }, (_, index) => {
              opened += 1;
              if (index % 20 === 0) return consoleOf(site);
              if (index % 20 === 1) return request(site);
              const { api, sessionId } = oneOf(all);
              return exam(site, () => api.examTicket(sessionId));
            }),
          );
          expect(site.server.isRunning, site.server.output).toBe(true);
        }
      }
      // A socket abandoned by the client stays open until its ping timeout.
      await waitFor(
        'the end of all sockets but one',
        async () => (await readMetrics(site.url))('invigil_sockets') === 1,
        60_000,
      );
      // The test's own keep-alive connections stay open for a while.
      await waitFor(
        'the end of their connections',
        async () => (await readMetrics(site.url))('invigil_connections') <= 20,
        60_000,
      );
      await through.settle();
      const metrics = await readMetrics(site.url);
      // Excludes host restarts on a busy machine.
      const errors = site.server.output
        .split('\n')
        .filter(
          (line) => /"level":[56]0|uncaught|unhandled|Error:|warning/i.test(line) && !line.includes('inference host'),
        );
      console.log(
        `torn down: ${opened} sockets in ${rounds} rounds; ${through.acked} signals acknowledged beside them; sessions held ${metrics('invigil_live_sessions')}, connections ${metrics('invigil_connections')}, errors logged ${errors.length}`,
      );
      expect(errors).toEqual([]);
      expect(site.server.isRunning).toBe(true);
      expect([through.closeCode, through.errors, through.acked]).toEqual([undefined, [], through.sent]);
      expect(metrics('invigil_sockets', 'kind="console"')).toBe(0);
      expect(metrics('invigil_journal_waiting')).toBe(0);
      // Sessions continue without a socket until their deadline; there are never more than were started.
      expect(metrics('invigil_live_sessions')).toBeLessThanOrEqual(students + 1);

      // One of the torn-down sessions continues normally.
      const { api, sessionId } = all[0]!;
      const again = await SteadySession.open(api, sessionId);
      again.start(20);
      await waitFor('signals', () => again.acked >= 20);
      await again.settle();
      expect([again.closeCode, again.errors]).toEqual([undefined, []]);
      again.close();
      through.close();
    } finally {
      await site.close();
    }
  },
);
