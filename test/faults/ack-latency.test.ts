import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import pg from 'pg';
import { expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { greet, type RawSocket } from '../support/raw-socket.ts';
import { FULL_SIZE, sized } from '../support/size.ts';

/** Signals per second over all sessions, and the number of sessions. */
const RATE = sized(500, 100);
const SESSIONS = sized(50, 10);
/** Alternating periods: bare commits, then signals, repeated. */
const ROUNDS = sized(10, 3);
const ROUND_MS = sized(3000, 1000);
const STEP_MS = 10;

const { available } = KINDS.find(({ kind }) => kind === 'postgres')!;

const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]!;

/** Sequential commits of one small row each, a hundred per second: the database's own cost of a commit. */
async function bareCommits(client: pg.Client, forMs: number): Promise<number[]> {
  const took: number[] = [];
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    const from = performance.now();
    await client.query('BEGIN');
    await client.query('INSERT INTO bare (id, at) VALUES ($1, now())', [uuidv7()]);
    await client.query('COMMIT');
    took.push(performance.now() - from);
    await sleep(STEP_MS);
  }
  return took;
}

/** One session's socket that measures the time from signal to acknowledgement. */
class Sender {
  readonly #socket: RawSocket;
  readonly #sentAt: number[] = [];
  #read = 0;
  #acked = 0;

  constructor(socket: RawSocket) {
    this.#socket = socket;
  }

  get pending(): number {
    return this.#sentAt.length - this.#acked;
  }

  send(): void {
    const seq = this.#sentAt.push(performance.now());
    this.#socket.send({ type: 'signal', seq, signal: 'PASTE', at: '2026-01-01T10:00:00.000Z' });
  }

  /** Latencies of the signals acknowledged since the last call, ms. */
  take(): number[] {
    const took: number[] = [];
    for (; this.#read < this.#socket.messages.length; this.#read++) {
      const message = this.#socket.messages[this.#read]!;
      if (message.type !== 'ack') continue;
      while (this.#acked < (message['seq'] as number))
        took.push(this.#socket.arrivals[this.#read]! - this.#sentAt[this.#acked++]!);
    }
    return took;
  }
}

async function signals(senders: readonly Sender[], forMs: number): Promise<number[]> {
  const took: number[] = [];
  const gather = () => {
    for (const sender of senders) took.push(...sender.take());
  };
  const from = performance.now();
  let sent = 0;
  while (performance.now() - from < forMs) {
    for (; sent < ((performance.now() - from) / 1000) * RATE; sent++) {
      const sender = senders[sent % senders.length]!;
      if (sender.pending < 60) sender.send();
    }
    await sleep(1);
    gather();
  }
  while (senders.some(({ pending }) => pending > 0)) {
    await sleep(1);
    gather();
  }
  return took;
}

const skipped = available ? '' : ' (skipped: TEST_DATABASE_URL is not set)';

test.runIf(available)(
  `with ${RATE} signals a second the p99 of the acknowledgement is within 4 times a bare commit's on the same database${FULL_SIZE ? '' : ': reported here, required at the full size'}${skipped}`,
  { timeout: sized(300_000, 120_000) },
  async () => {
    const database = await createDatabase('postgres');
    const server = new ServerProcess(await freePort(), database, { FACE_MODEL: 'none', LOG_LEVEL: 'warn' });
    const client = new pg.Client({ connectionString: database.url! });
    try {
      await server.start();
      await client.connect();
      await client.query('CREATE TABLE bare (id uuid PRIMARY KEY, at timestamptz NOT NULL)');
      const senders: Sender[] = [];
      const exam = await (await server.admin()).createExam();
      for (let i = 0; i < SESSIONS; i++) {
        const student = new Api(server.url);
        await student.register(`student-${i}@example.org`, 'long enough', 'Student');
        senders.push(
          new Sender(await greet(server.url, await student.examTicket((await student.startSession(exam.id)).id))),
        );
      }
      // Warm-up: compilation and page reads.
      await signals(senders, 500);
      await bareCommits(client, 200);
      const [bare, acks]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        bare.push(...(await bareCommits(client, ROUND_MS)));
        acks.push(...(await signals(senders, ROUND_MS)));
      }
      const [bare99, ack99, bare50, ack50] = [
        quantile(bare, 0.99),
        quantile(acks, 0.99),
        quantile(bare, 0.5),
        quantile(acks, 0.5),
      ];
      console.log(
        `ack-latency: ${acks.length} signals of ${SESSIONS} sessions at ${RATE}/s: p50 ${ack50.toFixed(1)} ms, p99 ${ack99.toFixed(1)} ms; ${bare.length} bare commits: p50 ${bare50.toFixed(1)} ms, p99 ${bare99.toFixed(1)} ms; p99 ratio ${(ack99 / bare99).toFixed(2)}`,
      );
      // Other load on the machine can cause any ratio of times: at the small size the ratio is only reported, and all
      // signals must be acknowledged. Known: on two cores shared with the clients and the database, runs at the full
      // size give 2.6 to 4.7, more of them above the limit than below.
      if (FULL_SIZE) expect(ack99 / bare99).toBeLessThanOrEqual(4);
      expect(senders.map(({ pending }) => pending)).toEqual(senders.map(() => 0));
      expect(acks.length).toBeGreaterThan(ROUNDS * 10);
    } finally {
      await client.end();
      await server.stop('SIGKILL');
      await database.remove();
    }
  },
);
