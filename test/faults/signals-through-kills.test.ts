import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { describe, expect, test } from 'vitest';
import { listEvents } from '../../db/events.ts';
import { openDatabase } from '../../db/open.ts';
import { findSession } from '../../db/sessions.ts';
import { InvigilClient } from '../../web/sdk/client.ts';
import { Api } from '../support/api.ts';
import { BreakableProxy, CUTS } from '../support/breakable-proxy.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { randomChoices } from '../support/random.ts';

const { random, below, oneOf } = randomChoices();

const SIZES = {
  postgres: sized({ signals: 10_000, cuts: 200, kills: 50 }, { signals: 600, cuts: 12, kills: 3 }),
  pglite: sized({ signals: 5000, cuts: 100, kills: 30 }, { signals: 300, cuts: 6, kills: 2 }),
};
const SESSIONS = sized(10, 5);
const MINUTES = 60_000;

/** One student who reports `SIGNAL` numbered 1, 2, 3, ... through every interruption. */
class Reporter {
  readonly sessionId: string;
  readonly client: InvigilClient;
  readonly streams = new Set<string>();
  readonly #closes: (number | undefined)[] = [];
  sent = 0;
  acked = 0;

  constructor(api: Api, sessionId: string, server: string) {
    this.sessionId = sessionId;
    const getTicket = () => api.examTicket(sessionId);
    this.client = new InvigilClient({
      server,
      getTicket,
      WebSocket,
      backoff: { minMs: 10, maxMs: 200 },
    });
    this.client.on('welcome', ({ stream, lastAck }) => {
      this.streams.add(stream);
      // Signals committed but unacknowledged before the cut are acknowledged here.
      this.acked = Math.max(this.acked, lastAck);
    });
    this.client.on('ack', ({ seq }) => (this.acked = Math.max(this.acked, seq)));
    this.client.on('state', ({ closeCode }) => closeCode !== undefined && this.#closes.push(closeCode));
  }

  /** Close codes other than those of a cut or a stopped server. */
  get closedFor(): (number | undefined)[] {
    return this.#closes.filter((code) => code !== 1006 && code !== 1012);
  }

  /** Reports up to `count`, in bursts, with at most one window in flight. */
  async report(count: number, isOver: () => boolean): Promise<void> {
    while (this.sent < count && !isOver()) {
      const burst = 1 + below(10);
      for (let i = 0; i < burst && this.sent < count && this.client.pending < 100; i++)
        this.client.signal('PASTE', { n: ++this.sent });
      await sleep(random() * 10);
    }
  }
}

/** Checks that the store has exactly these signals. */
async function check(at: TestDatabase, reporters: readonly Reporter[], each: number): Promise<void> {
  const opened = await openDatabase(at);
  try {
    for (const { sessionId, streams } of reporters) {
      const rows = await listEvents(opened.db, { session: sessionId, limit: 100_000 });
      const signals = rows.filter(({ type }) => type === 'PASTE');
      const wanted = Array.from({ length: each }, (_, i) => i + 1);
      expect(signals.map(({ details }) => (details as { data: { n: number } }).data.n)).toEqual(wanted);
      expect(signals.map(({ client_seq }) => client_seq)).toEqual(wanted);
      // A stream without commits is lost with its server, and another begins: all signals are in the last one.
      expect([...new Set(signals.map(({ stream }) => stream))]).toEqual([[...streams].at(-1)]);
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, i) => i + 1));
      const totals = await findSession(opened.db, sessionId);
      expect([totals?.last_seq, totals?.risk_score]).toEqual([
        rows.length,
        rows.reduce((sum, row) => sum + row.weight, 0),
      ]);
    }
  } finally {
    await opened.close();
  }
}

describe.for(KINDS)('signals across cut sockets and killed servers, on $title', ({ kind, available }) => {
  const { signals, cuts, kills } = SIZES[kind];

  test.runIf(available)(
    `${signals} signals, ${cuts} cuts, ${kills} kills: no acknowledged signal is lost, none is duplicated, and all arrive in order (S1 S3 S4)`,
    { timeout: sized(20, 4) * MINUTES },
    async () => {
      const started = performance.now();
      const at = await createDatabase(kind);
      // Without weights: no frames are analysed here.
      const server = new ServerProcess(await freePort(), at, { LOG_LEVEL: 'warn', FACE_MODEL: 'none' });
      await server.start();
      const proxy = await BreakableProxy.start(server.url);
      const exam = await (await server.admin()).createExam();
      const each = Math.ceil(signals / SESSIONS);
      const reporters: Reporter[] = [];
      for (let i = 0; i < SESSIONS; i++) {
        const student = new Api(server.url);
        await student.register(`student-${i}@example.org`, 'long enough', 'Student');
        reporters.push(new Reporter(student, (await student.startSession(exam.id)).id, proxy.url));
      }
      const reader = await server.admin();
      let isOver = false;
      const acked = () => reporters.reduce((sum, reporter) => sum + reporter.acked, 0);
      const reporting = Promise.all(
        reporters.map(async (reporter) => {
          await reporter.client.connect();
          await reporter.report(each, () => isOver);
        }),
      );
      let away = 0;
      try {
        // Each fault at its share of the run, so that signals are in flight.
        const faults = [
          ...Array.from({ length: kills }, (_, i) => ({ at: (i + 0.5) / kills, kill: true })),
          ...Array.from({ length: cuts }, (_, i) => ({ at: (i + 0.25) / cuts, kill: false })),
        ];
        for (const fault of faults.toSorted((a, b) => a.at - b.at)) {
          await waitFor(`${fault.at * 100} % of the signals`, () => acked() >= fault.at * signals * 0.95, MINUTES);
          if (fault.kill) {
            // Between a message and its acknowledgement, or at any time.
            await sleep(random() * (random() < 0.5 ? 5 : 300));
            await server.stop('SIGKILL');
            const from = performance.now();
            await server.start();
            away += performance.now() - from;
          } else {
            await waitFor('a connection', () => proxy.cut(oneOf(CUTS), random()), MINUTES);
          }
        }
        await reporting;
        await Promise.all(reporters.map(({ client }) => client.drained()));
        const events = await Promise.all(reporters.map(({ sessionId }) => reader.events(sessionId)));
        for (const list of events) {
          expect(
            list.filter(({ type }) => type === 'PASTE').map(({ details }) => (details['data'] as { n: number }).n),
          ).toEqual(Array.from({ length: each }, (_, i) => i + 1));
        }
        for (const { closedFor, acked: last } of reporters) expect([closedFor, last]).toEqual([[], each]);
        for (const { client } of reporters) client.close();
        await server.stop('SIGTERM');
        await check(at, reporters, each);
        const seconds = Math.round((performance.now() - started) / 1000);
        const lost = events.flat().filter(({ type }) => type === 'CONNECTION_LOST').length;
        console.log(
          `signals-through-kills ${kind}: ${each * SESSIONS} signals of ${SESSIONS} sessions, ${cuts} cuts, ${kills} kills, ${lost} connections lost: 0 missing, 0 twice, 0 out of order; ${Math.round(away / kills)} ms a restart, ${seconds} s`,
        );
      } finally {
        isOver = true;
        for (const { client } of reporters) client.close();
        await server.stop('SIGKILL');
        await proxy.close();
        await at.remove();
      }
    },
  );
});
