import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { listEvents } from '../../db/events.ts';
import { openDatabase } from '../../db/open.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import { Api } from './api.ts';
import type { TestDatabase } from './databases.ts';
import { drawnPictures } from './picture-site.ts';
import type { ServerProcess } from './process.ts';
import { createClient } from './sdk.ts';
import { waitFor } from './server.ts';

const SESSIONS = 4;
const SIGNAL_MS = 200;
const FRAME_MS = 250;
/** Frames with the student and without, in turns: an incident opens and closes. */
const TURN = 12;

const POLICY: PolicyInput = {
  frames: { sendFps: 4, analyseFps: 4 },
  holds: { noFace: 1 },
  gaze: { enabled: false },
};

/** Frames, and incompressible signals of nearly 2 KiB each, within a session's budget for as long as needed. */
class Student {
  readonly client;
  readonly sessionId: string;
  /** Signals. */
  sent = 0;
  acked = 0;
  analyses = 0;
  readonly left: string[] = [];
  #timers: NodeJS.Timeout[] = [];

  constructor(api: Api, sessionId: string) {
    this.sessionId = sessionId;
    this.client = createClient(api, sessionId);
    this.client.on('ack', ({ seq }) => (this.acked = Math.max(this.acked, seq)));
    this.client.on('analysis', () => (this.analyses += 1));
    this.client.on(
      'state',
      ({ state, closeCode }) =>
        state !== 'live' && state !== 'connecting' && this.left.push(`${state} ${String(closeCode)}`),
    );
  }

  async start(): Promise<void> {
    await this.client.connect();
    let frame = 0;
    this.#timers = [
      setInterval(() => {
        if (this.client.pending < 1000)
          this.client.signal('PASTE', { n: ++this.sent, text: randomBytes(950).toString('hex') });
      }, SIGNAL_MS),
      setInterval(() => {
        const clip = drawnPictures[Math.floor(frame / TURN) % 2 === 0 ? 'attentive' : 'empty'];
        this.client.sendFrame(clip[frame++ % clip.length]!);
      }, FRAME_MS),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

/** Students who stream frames and signals to a server in its own process. */
export class ExamLoad {
  readonly students: readonly Student[];

  private constructor(students: readonly Student[]) {
    this.students = students;
  }

  /** Resolves when signals of everybody are acknowledged. */
  static async start(server: ServerProcess): Promise<ExamLoad> {
    // Drawn before anything waits for them.
    expect(Math.min(drawnPictures.attentive.length, drawnPictures.empty.length)).toBeGreaterThan(0);
    const exam = await (await server.admin()).createExam(POLICY);
    const students: Student[] = [];
    for (let i = 0; i < SESSIONS; i++) {
      const api = new Api(server.url);
      await api.register(`student-${i}@example.org`, 'long enough', 'Student');
      students.push(new Student(api, (await api.startSession(exam.id)).id));
    }
    const load = new ExamLoad(students);
    await Promise.all(students.map((student) => student.start()));
    await load.acknowledged(students.map(() => 6));
    return load;
  }

  get acked(): number {
    return this.#sum((student) => student.acked);
  }

  get analyses(): number {
    return this.#sum((student) => student.analyses);
  }

  get pending(): number {
    return this.#sum(({ client }) => client.pending);
  }

  #sum(of: (student: Student) => number): number {
    return this.students.reduce((sum, student) => sum + of(student), 0);
  }

  get sent(): number[] {
    return this.students.map(({ sent }) => sent);
  }

  /** Waits until so many signals of each student are acknowledged. */
  async acknowledged(counts: readonly number[]): Promise<void> {
    await waitFor('acknowledgements', () => this.students.every(({ acked }, i) => acked >= counts[i]!));
  }

  /** Adds nothing more; the clients go on sending. */
  stop(): void {
    for (const student of this.students) student.stop();
  }

  close(): void {
    this.stop();
    for (const { client } of this.students) client.close();
  }

  /** Reads back from the database of a server that has ended: every acknowledged signal once, in order, without a gap. */
  async expectStored(database: TestDatabase): Promise<void> {
    const opened = await openDatabase(database);
    try {
      for (const { sessionId, acked, sent } of this.students) {
        const rows = (await listEvents(opened.db, { session: sessionId, limit: 100_000 })).filter(
          ({ type }) => type === 'PASTE',
        );
        expect(rows.map(({ details }) => (details as { data: { n: number } }).data.n)).toEqual(
          rows.map((_, i) => i + 1),
        );
        expect(rows.length).toBeGreaterThanOrEqual(acked);
        expect(rows.length).toBeLessThanOrEqual(sent);
      }
    } finally {
      await opened.close();
    }
  }
}
