import { expect } from 'vitest';
import { type EventRow, listEvents } from '../../db/events.ts';
import { openDatabase } from '../../db/open.ts';
import type { InvigilClient } from '../../web/sdk/client.ts';
import { Api } from './api.ts';
import { jpeg } from './pictures.ts';
import type { ServerProcess } from './process.ts';
import { randomChoices } from './random.ts';
import { createClient } from './sdk.ts';

const { random } = randomChoices();
const jpegs = [0, 1, 2, 3].map((seed) => jpeg(seed));

const SIGNAL_EVERY_MS = 500;
const FRAME_EVERY_MS = 2000;

/** One student whose client keeps reporting and sending pictures. */
export class Sitter {
  readonly sessionId: string;
  readonly client: InvigilClient;
  readonly left: string[] = [];
  sent = 0;
  acked = 0;
  holds = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(api: Api, sessionId: string) {
    this.sessionId = sessionId;
    this.client = createClient(api, sessionId);
    this.client.on('ack', ({ seq }) => (this.acked = Math.max(this.acked, seq)));
    this.client.on('hold', () => (this.holds += 1));
    this.client.on(
      'state',
      ({ state, closeCode }) => state !== 'live' && state !== 'connecting' && this.left.push(`${state} ${closeCode}`),
    );
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.client.signal('PASTE', { n: ++this.sent }), SIGNAL_EVERY_MS * (0.9 + random() * 0.2)),
      setInterval(() => this.client.sendFrame(jpegs[this.sent % jpegs.length]!), FRAME_EVERY_MS),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

/** Students of one exam whose clients are connected and report. Added to `sitters`, one by one, for a clean-up. */
export async function startSitters(server: ServerProcess, count: number, sitters: Sitter[]): Promise<void> {
  const exam = await (await server.admin()).createExam();
  for (let i = 0; i < count; i++) {
    const student = new Api(server.url);
    await student.register(`student-${i}@example.org`, 'long enough', 'Student');
    sitters.push(new Sitter(student, (await student.startSession(exam.id)).id));
  }
  await Promise.all(sitters.map(({ client }) => client.connect()));
  for (const sitter of sitters) sitter.start();
}

/** Every signal that was sent is acknowledged, and stored once, in its order. @returns all events of each */
export async function expectAllStored(
  database: Parameters<typeof openDatabase>[0],
  sitters: readonly Sitter[],
): Promise<EventRow[][]> {
  const opened = await openDatabase(database);
  try {
    const all: EventRow[][] = [];
    for (const { sessionId, sent, acked } of sitters) {
      const rows = await listEvents(opened.db, { session: sessionId, limit: 100_000 });
      const stored = rows
        .filter(({ type }) => type === 'PASTE')
        .map(({ details }) => (details as { data: { n: number } }).data.n);
      expect(stored).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
      expect(acked).toBe(sent);
      all.push(rows);
    }
    return all;
  } finally {
    await opened.close();
  }
}
