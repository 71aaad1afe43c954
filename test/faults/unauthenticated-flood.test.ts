import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BareSocket } from '../support/bare-socket.ts';
import { BusySite } from '../support/busy-site.ts';
import { quantile, readMetrics } from '../support/gauges.ts';
import { jpeg } from '../support/pictures.ts';
import { waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';

const { connections, seconds, sessions } = sized(
  { connections: 5000, seconds: 10, sessions: 50 },
  { connections: 1000, seconds: 4, sessions: 8 },
);
/** A tenth of the connections has a valid ticket, which lasts 30 s. */
const GOOD = connections / 10;
const STREAMING = 2;

/** Input possible without authentication: the beginning of a request and nothing more. */
const BEGINNINGS: readonly string[] = [
  '',
  'G',
  'GET /ws/exam HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nX-Slow: ',
  'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"email":',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
];

test(
  'a flood of unauthenticated connections does not affect running sessions and is soon closed',
  { timeout: 600_000 },
  async () => {
    const site = await BusySite.start({}, { frames: { sendFps: 2, analyseFps: 1 } });
    const flood: (Socket | BareSocket)[] = [];
    const honest = await site.steadySessions(sessions);
    try {
      honest.forEach((session, index) =>
        session.start(200, index < STREAMING ? { jpeg: jpeg(index), everyMs: 1000 } : undefined),
      );
      await sleep(sized(3000, 1000));
      const attackers = await site.students(Math.ceil(GOOD / 20));
      const tickets = [];
      for (let i = 0; i < GOOD; i++)
        tickets.push(await attackers[i % attackers.length]!.api.examTicket(attackers[i % attackers.length]!.sessionId));
      const calm = honest.flatMap(({ latencies }) => latencies.splice(0));
      const analysed = () => honest.reduce((sum, session) => sum + session.analyses, 0);
      const analysedBefore = analysed();

      const { hostname, port } = new URL(site.url);
      let ended = 0;
      let trickle = 0;
      const begunAt = performance.now();
      for (let i = 0; i < connections; i++) {
        const wait = (i / connections) * seconds * 1000 - (performance.now() - begunAt);
        if (wait > 5) await sleep(wait);
        const turn = i % 10;
        if (turn === 9) flood.push(new BareSocket(site.url, tickets.pop()!));
        else if (turn >= 6)
          flood.push(
            new BareSocket(site.url, { ticket: 'A'.repeat(43), url: turn === 8 ? '/ws/console' : '/ws/exam' }),
          );
        else {
          const socket = connect(Number(port), hostname, () => socket.write(BEGINNINGS[turn % BEGINNINGS.length]!));
          socket.on('error', () => {});
          socket.on('close', () => (ended += 1));
          // A byte at intervals: a slow request, not an absent one.
          const drip = setInterval(() => (socket.writable ? socket.write('a') : clearInterval(drip)), 1000);
          trickle += 1;
          flood.push(socket);
        }
      }
      const took = (performance.now() - begunAt) / 1000;
      const crowd = (await readMetrics(site.url))('invigil_connections');
      await waitFor(
        'all unauthenticated connections have ended',
        () => ended === trickle && flood.every((each) => !(each instanceof BareSocket) || each.ended),
        30_000,
      );
      const shedIn = (performance.now() - begunAt) / 1000;

      await Promise.all(honest.map((session) => session.settle()));
      const flooded = honest.flatMap(({ latencies }) => latencies);
      const metrics = await readMetrics(site.url);
      const bare = flood.filter((each) => each instanceof BareSocket);
      const answered = (status: number) => bare.filter((each) => each.status === status).length;
      console.log(
        `flood: ${connections} connections in ${took.toFixed(1)} s beside ${sessions} sessions; open at its end ${crowd}, all gone after ${shedIn.toFixed(1)} s; upgrades 101: ${answered(101)}, 401: ${answered(401)}, 429: ${answered(429)} of ${bare.length}; ` +
          `p99 of an acknowledgement ${quantile(calm, 0.99).toFixed(0)} ms before, ${quantile(flooded, 0.99).toFixed(0)} ms during; ${honest.reduce((sum, { sent }) => sum + sent, 0)} signals, ${analysed() - analysedBefore} frames looked at`,
      );
      expect(honest.map(({ closeCode, errors }) => [closeCode, errors])).toEqual(honest.map(() => [undefined, []]));
      expect(honest.map(({ sent }) => sent)).toEqual(honest.map(({ acked }) => acked));
      expect(analysed()).toBeGreaterThan(analysedBefore);
      expect(metrics('invigil_sockets', 'kind="exam"')).toBe(sessions);
      // Connections of the sessions, and of the request for this metric.
      expect(metrics('invigil_connections')).toBeLessThanOrEqual(sessions + 20);
      expect(answered(101)).toBe(GOOD);
      expect(answered(401)).toBeGreaterThan(0);
      expect(answered(429)).toBeGreaterThan(0);
      expect(site.server.isRunning).toBe(true);
    } finally {
      for (const each of flood) each.destroy();
      for (const session of honest) session.close();
      await site.close();
    }
  },
);
