import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { randomChoices } from '../support/random.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { newPerson } from '../support/staffed-site.ts';
import { expectLawful, expectOnlyAdded, expectState, readVerdictHistory } from '../support/verdict-history.ts';
import { answer, appeal, decide, giveTo, judge, release, sitAndEnd, withdraw } from '../support/verdict-site.ts';

/** Pairs of acts on each database. */
const PAIRS = Number(process.env['TEST_PAIRS'] ?? sized(200, 80));
/** Sessions that are acted on side by side. */
const LANES = 10;
/** Pairs before a lane goes on with another session. */
const ROUNDS = 12;

const KINDS_OF_ACTS = [
  'judge',
  'release',
  'answer',
  'appeal',
  'withdraw',
  'giveToFirst',
  'giveToSecond',
  'uphold',
  'change',
] as const;
type Kind = (typeof KINDS_OF_ACTS)[number];

/** Refusals that the order of two acts explains; anything else is a fault. */
const EXPLAINED = new Set([
  'verdict_missing',
  'newer_verdict',
  'already_released',
  'person_involved',
  'already_answered',
  'already_appealed',
  'window_closed',
  'appeal_open',
  'appeal_missing',
  'forbidden',
  'bad_request',
]);
/** Entries of the log by which an act is recorded. */
const ENTRY_OF: Readonly<Record<Kind, string>> = {
  judge: 'VERDICT_GIVEN',
  release: 'VERDICT_RELEASED',
  answer: 'VERDICT_ANSWERED',
  appeal: 'VERDICT_APPEALED',
  withdraw: 'APPEAL_DECIDED',
  giveToFirst: 'APPEAL_ASSIGNED',
  giveToSecond: 'APPEAL_ASSIGNED',
  uphold: 'APPEAL_DECIDED',
  change: 'APPEAL_DECIDED',
};

for (const { kind: database, available, title } of KINDS) {
  describe.runIf(available)(`two who act on one verdict at the same moment, on ${title}`, () => {
    const choices = randomChoices();
    let site: TestServer;
    let db: Db;
    beforeAll(async () => {
      site = await startTestServer({ kind: database, overrides: { db: (real) => (db = real) } });
    });
    afterAll(() => site?.close());

    test(`of ${PAIRS} random pairs each has one order, each act is recorded, and each refusal has words`, async () => {
      const exam = await site.admin.createExam({}, { staffAccess: 'all' });
      // Drawn before anything runs: the lanes take turns in no fixed order.
      const draws = Array.from({ length: PAIRS }, () => [choices.oneOf(KINDS_OF_ACTS), choices.oneOf(KINDS_OF_ACTS)]);
      let done = 0;

      async function lane(pairs: readonly (readonly Kind[])[]): Promise<void> {
        const [reviewer, first, second] = [
          await newPerson(site, 'reviewer'),
          await newPerson(site, 'reviewer'),
          await newPerson(site, 'reviewer'),
        ];
        let student: Api;
        let session = '';
        const begin = async () => {
          student = await newPerson(site, 'student');
          session = (await sitAndEnd(site, exam, student)).session.id;
          const given = await judge(reviewer, session, 'violation');
          if (done % 2 === 0) await release(reviewer, session, given);
        };
        const act = async (kind: Kind, newest: string): Promise<{ kind: Kind; refused: boolean }> => {
          const officer = (
            await db
              .selectFrom('verdict_states')
              .select('officer_id')
              .where('session_id', '=', session)
              .executeTakeFirst()
          )?.officer_id;
          const decider = officer === second.userId ? second : first;
          try {
            switch (kind) {
              case 'judge':
                await judge(reviewer, session, 'concern');
                break;
              case 'release':
                await release(reviewer, session, { id: newest });
                break;
              case 'answer':
                await answer(student, session);
                break;
              case 'appeal':
                await appeal(student, session);
                break;
              case 'withdraw':
                await withdraw(student, session);
                break;
              case 'giveToFirst':
                await giveTo(site.admin, session, first);
                break;
              case 'giveToSecond':
                await giveTo(site.admin, session, second);
                break;
              case 'uphold':
                await decide(decider, session, { outcome: 'upheld' });
                break;
              case 'change':
                await decide(decider, session, { outcome: 'changed', verdict: 'no_concern' });
            }
            return { kind, refused: false };
          } catch (error) {
            const { code, body } = error as { code?: string; body?: Record<string, unknown> };
            if (code === undefined) throw error;
            expect(EXPLAINED, `${kind}: ${code}`).toContain(code);
            expect(String(body?.['detail'] ?? '').length, `${kind}: words`).toBeGreaterThan(10);
            return { kind, refused: true };
          }
        };
        await begin();
        for (const [n, pair] of pairs.entries()) {
          if (n % ROUNDS === ROUNDS - 1) await begin();
          const before = await readVerdictHistory(db, session);
          const newest = before.verdicts.at(-1)!.id;
          const outcomes = await Promise.all(pair.map((kind) => act(kind, newest)));
          const after = await readVerdictHistory(db, session);
          expectOnlyAdded(before, after);
          expectLawful(after, { secondPerson: false, student: student!.userId, terminators: [] });
          await expectState(db, session, after);
          const entries = after.log.slice(before.log.length).map(({ type }) => type);
          const did = outcomes.filter(({ refused }) => !refused);
          // Giving an appeal to the person who has it is no act.
          for (const type of new Set(did.map(({ kind }) => ENTRY_OF[kind]))) {
            const expected = did.filter(({ kind }) => ENTRY_OF[kind] === type).length;
            const found = entries.filter((entry) => entry === type).length;
            if (type === 'APPEAL_ASSIGNED') expect(found).toBeLessThanOrEqual(expected);
            else if (type === 'VERDICT_GIVEN') expect(found).toBeGreaterThanOrEqual(expected);
            else expect(found, `${type} is recorded once for each act`).toBe(expected);
          }
          done += 1;
        }
      }
      const share = Math.ceil(PAIRS / LANES);
      await Promise.all(Array.from({ length: LANES }, (_, n) => lane(draws.slice(n * share, (n + 1) * share))));
      expect(done).toBe(PAIRS);
    }, 900_000);
  });
}
