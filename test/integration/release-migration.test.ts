import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import { up } from '../../db/migrations/0037-release-and-appeal.ts';
import { findVerdictState } from '../../db/verdict-case.ts';
import { insertVerdict } from '../../db/verdicts.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson, type Sitting } from '../support/staffed-site.ts';
import { answer, appeal, judge, mineOf, release, sitAndEnd, stepsOf } from '../support/verdict-site.ts';

const TABLES = ['verdict_states', 'appeal_outcomes', 'appeals', 'verdict_answers', 'verdict_releases'];

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`verdicts of before there were releases (migration 0037), on ${title}`, () => {
    let site: TestServer;
    let db: Db;
    let first: Api;
    let second: Api;
    let several: Sitting;
    let none: Sitting;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { db: (real) => (db = real) } });
      [first, second] = [await newPerson(site, 'reviewer'), await newPerson(site, 'reviewer')];
      const exam = await site.admin.createExam({}, { staffAccess: 'all' });
      [several, none] = [
        await sitAndEnd(site, exam, await newPerson(site, 'student')),
        await sitAndEnd(site, exam, await newPerson(site, 'student')),
      ];
      for (const table of TABLES) await sql`DROP TABLE ${sql.table(table)}`.execute(db);
      await given(first, 'violation', 'A phone');
      await given(second, 'concern', 'A calculator');
      await up(db as never);
    });
    afterAll(() => site?.close());

    const given = (by: Api, verdict: 'violation' | 'concern', reason: string) =>
      insertVerdict(db, {
        id: uuidv7(),
        session_id: several.session.id,
        verdict,
        reason,
        reason_salt: randomBytes(32),
        by: by.userId,
        created_at: new Date(),
      });

    test('the newest is released, by its author, as students have seen it until now; others are not', async () => {
      const { id } = several.session;
      expect(await stepsOf(first, id)).toMatchObject({
        state: 'released',
        verdict: { verdict: 'concern', by: { id: second.userId } },
        shown: { verdict: 'concern' },
        due: null,
        releases: [
          { verdict: { verdict: 'concern' }, by: { id: second.userId }, events: [], answer: null, appeal: null },
        ],
      });
      expect(await mineOf(several.student, id)).toMatchObject([{ verdict: 'concern', reason: 'A calculator' }]);
      expect(await findVerdictState(db, none.session.id)).toBeUndefined();
      expect(await mineOf(none.student, none.session.id)).toEqual([]);
    });

    test('there is no time to answer or appeal, which nobody was promised', async () => {
      const { session, student } = several;
      for (const act of [answer, appeal])
        await expect(act(student, session.id)).rejects.toMatchObject({ code: 'window_closed' });
      expect(await mineOf(student, session.id)).toMatchObject([{ mayAnswer: false, mayAppeal: false }]);
    });

    test('a verdict that follows is provisional until it is released, with the time of the policy', async () => {
      const { session, student } = several;
      const newer = await judge(first, session.id, 'no_concern', 'Looked at again');
      expect(await mineOf(student, session.id)).toMatchObject([{ verdict: 'concern' }]);
      expect(await stepsOf(first, session.id)).toMatchObject({ state: 'provisional', shown: { verdict: 'concern' } });
      await release(second, session.id, newer);
      expect(await mineOf(student, session.id)).toMatchObject([
        { verdict: 'no_concern', mayAnswer: true, mayAppeal: true },
        { verdict: 'concern', mayAnswer: false, mayAppeal: false },
      ]);
    });
  });
}
