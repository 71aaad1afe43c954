import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../support/api.ts';
import {
  comeIn,
  decide,
  leave,
  myCheckIn,
  openCheckIn,
  readCheckIn,
  submit,
  take,
  withdraw,
} from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import { randomChoices } from '../support/random.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { newPerson } from '../support/staffed-site.ts';

/** Pairs of acts on each database. */
const PAIRS = Number(process.env['TEST_PAIRS'] ?? sized(120, 60));
/** Students who check in side by side. */
const LANES = 6;
/** Pairs before a lane goes on with another student. */
const ROUNDS = 6;

const ACTS = ['admit', 'hold', 'refuse', 'reopen', 'photo', 'submit', 'leave', 'withdraw', 'open', 'start'] as const;
type Act = (typeof ACTS)[number];
const OF_STAFF: readonly Act[] = ['admit', 'hold', 'refuse', 'reopen'];

/** Refusals that the order of two acts explains; anything else is a fault. */
const EXPLAINED = new Set(['check_in_changed', 'check_in_state', 'check_in_required', 'not_found', 'session_exists']);

for (const { kind: database, available, title } of KINDS) {
  describe.runIf(available)(`two who act on one check-in at the same moment, on ${title}`, () => {
    const choices = randomChoices();
    let site: TestServer;
    let db: Db;
    let exam: Exam;
    beforeAll(async () => {
      site = await startTestServer({ kind: database, overrides: { db: (real) => (db = real) } });
      exam = await site.admin.createExam({ checkIn: { photo: true } }, { maxAttempts: null });
    });
    afterAll(() => site?.close());

    test('two tabs open one check-in, and the newer photo of both stays', async () => {
      const student = await newPerson(site, 'student');
      const ids = await Promise.all(
        Array.from({ length: 4 }, async () => (await openCheckIn(student, exam)).checkIn!.id),
      );
      expect(new Set(ids).size).toBe(1);
      await Promise.all(Array.from({ length: 4 }, () => take(student, exam, 'photo')));
      expect((await myCheckIn(student, exam)).checkIn!.pictures).toHaveLength(1);
      const sent = await Promise.allSettled([submit(student, exam), submit(student, exam)]);
      expect(sent.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    test('of two who decide on what both saw, one decides and the other reads who did', async () => {
      const [first, second, student] = [
        await newPerson(site, 'proctor'),
        await newPerson(site, 'proctor'),
        await newPerson(site, 'student'),
      ];
      const { id, revision } = await comeIn(student, exam);
      const both = await Promise.allSettled([
        decide(first, id, 'admit', { revision }),
        decide(second, id, 'refuse', { revision }),
      ]);
      const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      const { decisions } = await readCheckIn(site.admin, id);
      expect(decisions).toHaveLength(1);
      expect(lost.reason).toMatchObject({
        code: 'check_in_changed',
        body: { detail: expect.stringContaining(decisions[0]!.by!.name) },
      });
    });

    test(`of ${PAIRS} random pairs each has one order: nobody starts whom the last decision does not admit`, async () => {
      // Drawn before anything runs: the lanes take turns in no fixed order.
      const draws = Array.from({ length: PAIRS }, (): [Act, Act] => [choices.oneOf(ACTS), choices.oneOf(ACTS)]);
      const staff = [await newPerson(site, 'proctor'), await newPerson(site, 'proctor')] as const;

      async function act(what: Act, who: Api, student: Api, seen: { id: string; revision: number }): Promise<boolean> {
        const acts: Readonly<Record<Act, () => Promise<unknown>>> = {
          admit: () => decide(who, seen.id, 'admit', { revision: seen.revision }),
          hold: () => decide(who, seen.id, 'hold', { revision: seen.revision }),
          refuse: () => decide(who, seen.id, 'refuse', { revision: seen.revision }),
          reopen: () => decide(who, seen.id, 'reopen', { revision: seen.revision }),
          photo: () => take(student, exam, 'photo'),
          submit: () => submit(student, exam, true),
          leave: () => leave(student, exam),
          withdraw: () => withdraw(student, exam),
          open: () => openCheckIn(student, exam),
          start: () => student.startSession(exam.id),
        };
        try {
          await acts[what]();
          return true;
        } catch (error) {
          const { code } = error as { code?: string };
          // Admitting without a photo needs a reason.
          if (what === 'admit' && code === 'bad_request') return false;
          expect(EXPLAINED, `${what}: ${String(error)}`).toContain(code);
          return false;
        }
      }

      async function lane(pairs: readonly (readonly [Act, Act])[]): Promise<void> {
        let student: Api | undefined;
        let seen = { id: '', revision: 0 };
        for (const [n, [one, other]] of pairs.entries()) {
          if (!student || n % ROUNDS === 0) {
            student = await newPerson(site, 'student');
            const { id } = await comeIn(student, exam);
            if (n % 2 === 0) await decide(staff[0], id, 'admit');
            seen = { id, revision: 0 };
          }
          const open = (await myCheckIn(student, exam)).checkIn;
          if (open) seen = open;
          const before = await decisionsOf(seen.id);
          const done = await Promise.all([act(one, staff[0], student, seen), act(other, staff[1], student, seen)]);
          const decided = [one, other].filter((what, i) => done[i] && OF_STAFF.includes(what));
          // Both saw the same: at most one of them decides, and what is decided is stored.
          expect(decided.length, `${one} and ${other}`).toBeLessThanOrEqual(1);
          expect(await decisionsOf(seen.id)).toBe(before + decided.length);
          await expectLawful(student);
        }
      }

      const decisionsOf = async (id: string) =>
        (await db.selectFrom('check_in_decisions').select('id').where('check_in_id', '=', id).execute()).length;

      async function expectLawful(student: Api): Promise<void> {
        const rows = await db.selectFrom('check_ins').selectAll().where('student_id', '=', student.userId).execute();
        expect(rows.filter(({ closed_at }) => closed_at === null).length).toBeLessThanOrEqual(1);
        const sessions = await db
          .selectFrom('sessions')
          .select('id')
          .where('student_id', '=', student.userId)
          .execute();
        const used = rows.flatMap(({ session_id }) => session_id ?? []);
        expect(used.toSorted()).toEqual(sessions.map(({ id }) => id).toSorted());
        for (const row of rows) {
          if (row.session_id === null) continue;
          const newest = await db
            .selectFrom('check_in_decisions')
            .select('decision')
            .where('check_in_id', '=', row.id)
            .orderBy('id', 'desc')
            .limit(1)
            .executeTakeFirst();
          expect(newest?.decision).toBe('admit');
        }
        const pictures = await db
          .selectFrom('check_in_pictures')
          .innerJoin('check_ins', 'check_ins.id', 'check_in_pictures.check_in_id')
          .select('check_ins.state')
          .where('student_id', '=', student.userId)
          .execute();
        expect(pictures.filter(({ state }) => state === 'withdrawn')).toEqual([]);
      }

      const perLane = Math.ceil(PAIRS / LANES);
      await Promise.all(Array.from({ length: LANES }, (_, n) => lane(draws.slice(n * perLane, (n + 1) * perLane))));
      // Every decision is in the log, once.
      const stored = await db.selectFrom('check_in_decisions').select('id').execute();
      const logged = await db
        .selectFrom('audit_entries')
        .select('id')
        .where('event_type', '=', 'CHECK_IN_DECIDED')
        .execute();
      expect(logged.length).toBe(stored.length);
    }, 300_000);
  });
}
