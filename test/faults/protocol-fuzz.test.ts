import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import type { Purpose } from '../../server/auth/tickets/ticket-codec.ts';
import { Tickets } from '../../server/auth/tickets/tickets.ts';
import type { Api } from '../support/api.ts';
import { startTestServer } from '../support/server.ts';
import { ConsoleActor, consoleScript } from './protocol-fuzz/console-actor.ts';
import { ExamActor, examScript } from './protocol-fuzz/exam-actor.ts';
import { FULL_SIZE, sized } from '../support/size.ts';
import { fixedSeed } from '../support/random.ts';

/**
 * Students and proctors sending valid, nearly valid and garbage messages concurrently. A model of each predicts the
 * specified response: the error and the close code, or none. `TEST_SEED` repeats a run.
 */

const SECRET = 'a secret of more than thirty-two characters';
const STUDENTS = 6;
const CONSOLES = 2;
/** Scripts of one actor per round. */
const SCRIPTS = 3;
/** Average per round. */
const MESSAGES_A_ROUND = 2200;
const MESSAGES = sized(200_000, 5000);
const SEED = fixedSeed(FULL_SIZE ? Date.now() % 1_000_000_000 : 20_260_101);

test(
  'random messages get the specified responses, and no session leaks to another (C3 C5 C6 C7 T1 T2 F1 F2 S1-S7 P1-P4)',
  { timeout: sized(60 * 60_000, 600_000) },
  async () => {
    const failures: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => failures.push(line) });
    // A stopped clock: nothing expires, no frame becomes due, and the same seed repeats the run.
    const now = Date.now();
    let db: Db | undefined;
    await using site = await startTestServer({
      vision: true,
      env: { JWT_SECRET: SECRET },
      overrides: { clock: () => now, log, db: (real) => (db = real) },
    });
    // Tickets are issued here directly: requesting each over HTTP would dominate the run, and the limit per user is not
    // under test.
    const tickets = () => new Tickets(db!, SECRET, () => now);
    const issue = ({ tokens }: Api, purpose: Purpose, sessionId?: string): Ticket => {
      const { sub, sid, role } = JSON.parse(
        Buffer.from(tokens!.accessToken.split('.')[1]!, 'base64url').toString(),
      ) as { sub: string; sid: string; role: Role };
      return tickets().issue(
        { userId: sub, loginId: sid, role, expiresAt: new Date(now + 15 * 60_000) },
        purpose,
        sessionId,
      );
    };

    const owners = new Map<string, number>();
    const sessions = new Map<string, string>();
    // With a deadline, which commands can extend; the clock never reaches it.
    const timed = () => site.admin.createExam({}, { durationMinutes: 180 });
    const exams = [await timed(), await timed()];
    const students: ExamActor[] = [];
    for (let index = 0; index < STUDENTS; index++) {
      const api = await site.student(`Student ${index}`);
      const start = api.startSession.bind(api);
      api.startSession = async (examId) => {
        const session = await start(examId);
        owners.set(session.id, index);
        sessions.set(session.id, examId);
        return session;
      };
      owners.set(api.userId, index);
      const session = await api.startSession(exams[index % 2]!.id);
      students.push(
        new ExamActor({
          index,
          api,
          url: site.url,
          ticket: (id) => issue(api, 'exam', id),
          session,
          isForeign: (id) => owners.has(id) && owners.get(id) !== index,
          foreignStream: () => students[(index + 1) % STUDENTS]?.stream,
        }),
      );
    }
    const consoles: ConsoleActor[] = [];
    for (let index = 0; index < CONSOLES; index++) {
      const proctor = await site.proctor();
      consoles.push(
        new ConsoleActor(() => issue(proctor, 'console'), site.url, { sessions, exams: exams.map(({ id }) => id) }),
      );
    }

    const round = fc.record({
      students: fc.tuple(...students.map(() => fc.array(examScript, { minLength: SCRIPTS, maxLength: SCRIPTS }))),
      consoles: fc.tuple(...consoles.map(() => fc.array(consoleScript, { minLength: SCRIPTS, maxLength: SCRIPTS }))),
    });
    const actors = [...students, ...consoles];
    const sent = () => actors.reduce((sum, { messages }) => sum + messages, 0);
    const rounds = Math.ceil(MESSAGES / MESSAGES_A_ROUND);
    const playAll = async <S>(actor: { play(script: S): Promise<void> }, scripts: readonly S[]) => {
      for (const script of scripts) await actor.play(script);
    };

    let batches = 0;
    do {
      await fc.assert(
        fc.asyncProperty(round, async ({ students: ofStudents, consoles: ofConsoles }) => {
          await Promise.all([
            ...ofStudents.map((scripts, index) => playAll(students[index]!, scripts)),
            ...ofConsoles.map((scripts, index) => playAll(consoles[index]!, scripts)),
          ]);
          expect(failures).toEqual([]);
        }),
        { seed: SEED + batches, numRuns: batches === 0 ? rounds : 1 },
      );
      batches += 1;
    } while (sent() < MESSAGES);

    for (const student of students) await student.check();
    expect(failures).toEqual([]);
    expect(site.server.pool.vision.state).not.toBe('off');
    const codes = new Map<string, number>();
    for (const actor of actors)
      for (const [code, count] of actor.codes) codes.set(code, (codes.get(code) ?? 0) + count);
    const received = actors.reduce((sum, actor) => sum + actor.received, 0);
    console.log(
      `protocol fuzz, seed ${SEED}: ${sent()} messages sent, ${received} received; ${[...codes]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([code, count]) => `${code} ${count}`)
        .join(', ')}`,
    );
    for (const code of [
      'bad_message',
      'hello_expected',
      'already_greeted',
      'unknown_stream',
      'bad_sequence',
      'sequence_conflict',
      'window_exceeded',
      'reserved_signal',
      'bad_frame_header',
      'frame_too_large',
      'unexpected_binary',
      'bad_ticket',
      'not_found',
    ]) {
      expect(codes.get(code) ?? 0, `${code} was provoked`).toBeGreaterThan(0);
    }
  },
);
