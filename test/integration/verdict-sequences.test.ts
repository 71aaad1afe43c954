import '../support/property-seed.ts';
import { createLog } from '../../server/log.ts';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertEvidence } from '../../db/evidence.ts';
import { saveEvents } from '../../db/events.ts';
import type { Db } from '../../db/executor.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { deleteExpiredSessions } from '../../db/retention.ts';
import { findSession, saveTotals } from '../../db/sessions.ts';
import { findVerdictCase } from '../../db/verdict-case.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { Policy } from '../../protocol/policy.ts';
import { EvidenceRetention } from '../../server/evidence/evidence-retention.ts';
import { decideAppeal, giveAppeal } from '../../server/session/review/appeals.ts';
import { findMyVerdict, readMyVerdicts } from '../../server/session/review/my-verdicts.ts';
import { releaseVerdict } from '../../server/session/review/release-verdict.ts';
import { answerVerdict, appealVerdict, withdrawAppeal } from '../../server/session/review/student-statement.ts';
import { giveVerdict } from '../../server/session/review/verdict.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { FaultyStore } from '../support/picture-site.ts';
import { makeEvent, makeExam, makeSession, makeUser, randomHash, T0, totalsOf } from '../support/rows.ts';
import { sized } from '../support/size.ts';
import { expectLawful, expectOnlyAdded, expectState, readVerdictHistory } from '../support/verdict-history.ts';

const DAY = 24 * 3_600_000;
const RUNS = Number(process.env['TEST_RUNS'] ?? sized(40, 12));
const VERDICTS = ['no_concern', 'concern', 'violation'] as const;
/** Refusals that the state of the decision explains. */
const EXPLAINED = new Set([
  'verdict_missing',
  'newer_verdict',
  'already_released',
  'second_person_required',
  'person_involved',
  'window_closed',
  'already_answered',
  'already_appealed',
  'appeal_open',
  'appeal_missing',
  'forbidden',
  'bad_request',
  'not_found',
]);

const staff = fc.nat({ max: 3 });
const verdict = fc.constantFrom(...VERDICTS);
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('judge' as const), by: staff, verdict }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), by: staff, older: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('appeal' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('give' as const), to: fc.option(staff) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('decide' as const), by: staff, verdict: fc.option(verdict) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(1, 5, 20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retention' as const) }) },
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`random sequences of steps after a verdict, on ${title}`, () => {
    let database: TestDatabase;
    let opened: OpenDatabase;
    let db: Db;
    beforeAll(async () => {
      database = await createDatabase(kind);
      opened = await openDatabase(database);
      db = opened.db;
    });
    afterAll(async () => {
      await opened?.close();
      await database?.remove();
    });

    /** An ended session with a picture, which one of the staff has terminated or nobody has. */
    async function ended(secondPerson: boolean, terminator: string | undefined) {
      const exam = await makeExam(db);
      await db.updateTable('exams').set({ staff_access: 'all' }).where('id', '=', exam).execute();
      const student = await makeUser(db);
      const row = await makeSession(db, { examId: exam, studentId: student.id });
      const policy = Policy.parse({ release: { secondPerson, answerDays: 7, appealDays: 10 }, retentionDays: 30 });
      await db
        .updateTable('sessions')
        .set({ policy: JSON.stringify(policy) })
        .where('id', '=', row.id)
        .execute();
      const event = makeEvent(row.id, { type: 'NO_FACE', source: 'vision' });
      const events = [event];
      if (terminator !== undefined) {
        const details = { by: terminator, reason: 'Enough' };
        events.push(
          makeEvent(row.id, {
            type: 'SESSION_TERMINATED',
            source: 'proctor',
            weight: 0,
            seq: 2,
            change_offset: 2,
            details,
          }),
        );
      }
      await saveEvents(db, events);
      await saveTotals(db, [totalsOf(row, { status: 'ended', ended_at: new Date(T0), end_reason: 'finished' })]);
      await db.insertInto('session_keys').values({ session_id: row.id, wrapped_key: randomHash() }).execute();
      const picture = { id: uuidv7(), session_id: row.id, event_id: event.id, kind: 'opened' as const };
      await insertEvidence(db, [
        { ...picture, at: new Date(T0), bytes: 1, digest: randomHash(), object_key: picture.id },
      ]);
      return { session: row.id, student, event };
    }

    async function run(acts: readonly Act[], secondPerson: boolean, terminated: boolean): Promise<void> {
      const people = [
        await makeUser(db, 'reviewer', { name: 'Pía' }),
        await makeUser(db, 'reviewer', { name: 'Kim' }),
        await makeUser(db, 'manager', { name: 'Max' }),
        await makeUser(db, 'admin', { name: 'Ada' }),
      ];
      const terminator = terminated ? people[2]!.id : undefined;
      const { session, student, event } = await ended(secondPerson, terminator);
      const manager = { userId: people[3]!.id, role: people[3]!.role, organisationId: people[3]!.organisation_id };
      let now = T0 + DAY;
      const parts = { db, clock: () => now };
      const store = new FaultyStore();
      const pictures = new EvidenceRetention({ db, store, clock: parts.clock, log: createLog('silent') });
      const by = (n: number) => ({ userId: people[n]!.id, name: people[n]!.name });
      let reasons = 0;
      const does = async (step: Act): Promise<unknown> => {
        switch (step.do) {
          case 'judge':
            return giveVerdict(parts, by(step.by), session, { verdict: step.verdict, reason: `secret-${++reasons}` });
          case 'release': {
            const { verdicts } = await readVerdictHistory(db, session);
            const seen = verdicts.at(step.older ? 0 : -1)?.id ?? uuidv7();
            return releaseVerdict(parts, by(step.by).userId, session, { verdict: seen, events: [event.id] });
          }
          case 'answer':
            return answerVerdict(parts, student.id, session, 'It was my sister');
          case 'appeal':
            return appealVerdict(parts, student.id, session, 'I object');
          case 'withdraw':
            return withdrawAppeal(parts, student.id, session);
          case 'give':
            return giveAppeal(parts, manager, session, step.to === null ? null : by(step.to).userId);
          case 'decide':
            return decideAppeal(parts, by(step.by).userId, session, {
              reason: `secret-${++reasons}`,
              ...(step.verdict === null ? { outcome: 'upheld' } : { outcome: 'changed', verdict: step.verdict }),
            });
          case 'wait':
            now += step.days * DAY;
            return;
          case 'retention':
            await pictures.expire();
            return db.transaction().execute((tx) => deleteExpiredSessions(tx, new Date(now), 100));
        }
      };
      for (const step of acts) {
        const before = await readVerdictHistory(db, session);
        const { newest } = await findVerdictCase(db, session);
        const wasOpen = newest?.appeal !== undefined && !newest.outcome;
        const hadPicture = (await picturesLeft(session)) > 0;
        try {
          await does(step);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          expect(EXPLAINED, `${step.do}: ${error.code}`).toContain(error.code);
          expect(error.message.length, 'words').toBeGreaterThan(10);
        }
        const row = await findSession(db, session);
        if (wasOpen && step.do === 'retention') {
          expect(row, 'a session with an open appeal is not deleted').toBeDefined();
          if (hadPicture) expect(await picturesLeft(session), 'nor its pictures').toBeGreaterThan(0);
        }
        if (!row) {
          expect(step.do).toBe('retention');
          expect(now).toBeGreaterThanOrEqual(T0 + 30 * DAY);
          return;
        }
        const after = await readVerdictHistory(db, session);
        expectOnlyAdded(before, after);
        expectLawful(after, {
          secondPerson,
          student: student.id,
          terminators: terminator === undefined ? [] : [terminator],
        });
        await expectState(db, session, after);
        if (step.do === 'wait') expect(after, 'time decides nothing').toEqual(before);

        const mine = await readMyVerdicts(db, row, new Date(now));
        expect(mine.map(({ release }) => release).toReversed()).toEqual(after.steps.map(({ release }) => release.id));
        const words = JSON.stringify([mine, await findMyVerdict(db, row)]);
        const told = new Set(after.steps.flatMap(({ release, outcome }) => [release.verdict_id, outcome?.verdict_id]));
        for (const { id, reason } of after.verdicts)
          if (!told.has(id)) expect(words, 'what is not released is not seen').not.toContain(`"${reason}"`);
        for (const person of people) expect(words, 'no names of staff').not.toContain(person.id);
      }
    }

    async function picturesLeft(session: string): Promise<number> {
      const keys = await db.selectFrom('session_keys').select('session_id').where('session_id', '=', session).execute();
      return keys.length;
    }

    test(
      'a history is only added to, forbidden people never act, a student sees what is released, and an open appeal freezes',
      () =>
        fc.assert(fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), fc.boolean(), fc.boolean(), run), {
          numRuns: RUNS,
        }),
      900_000,
    );
  });
}
