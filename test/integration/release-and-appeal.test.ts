import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { VerdictListItem } from '../../protocol/http/verdict-steps.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { ADMIN } from '../support/admin.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { assign, newPerson, PASSWORD, type Sitting } from '../support/staffed-site.ts';
import {
  answer,
  appeal,
  decide,
  giveTo,
  judge,
  mineOf,
  release,
  sitAndEnd,
  stepsOf,
  withdraw,
} from '../support/verdict-site.ts';

const DAY = 24 * 3_600_000;

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`after a verdict, on ${title}`, () => {
    const time = { now: Date.now() };
    let database: TestDatabase;
    let site: TestServer;
    let reviewer: Api;
    let second: Api;
    let officer: Api;
    let manager: Api;
    const start = async () => {
      site = await startTestServer({ kind, database, overrides: { clock: () => time.now } });
    };
    beforeAll(async () => {
      database = await createDatabase(kind, 'admin');
      await start();
      reviewer = await newPerson(site, 'reviewer');
      second = await newPerson(site, 'reviewer');
      officer = await newPerson(site, 'reviewer');
      manager = await newPerson(site, 'manager');
    });
    afterAll(async () => {
      await site?.close();
      await database?.remove();
    });

    async function again(person: Api): Promise<Api> {
      const api = site.api();
      await api.login(person.tokens!.user.email, PASSWORD);
      return api;
    }
    /** Moves the clock; logins have expired by then. */
    async function later(days: number): Promise<void> {
      time.now += days * DAY;
      await site.admin.login(ADMIN.email, ADMIN.password);
      [reviewer, second, officer, manager] = [
        await again(reviewer),
        await again(second),
        await again(officer),
        await again(manager),
      ];
    }

    async function ended(policy: PolicyInput = {}, more: Record<string, unknown> = {}): Promise<Sitting> {
      const exam = await site.admin.createExam(policy, { staffAccess: 'all', ...more });
      return sitAndEnd(site, exam, await newPerson(site, 'student'));
    }
    const chain = async (id: string) =>
      (await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${id}`)).items
        .filter(({ eventType }) => /VERDICT|APPEAL/.test(eventType))
        .map(({ eventType, actor, payload }) => [eventType, actor, JSON.parse(payload)] as const);
    const listed = async (by: Api, query: string) =>
      (await by.get<{ items: VerdictListItem[] }>(`/api/verdicts?${query}`)).items;

    describe('its student', () => {
      test('reads the same before and after a decision about an event and a verdict that are not released', async () => {
        const { session, event, student } = await ended();
        const routes = [
          `/api/sessions/${session.id}`,
          `/api/proctoring/my-attempt/${session.id}`,
          `/api/proctoring/my-attempt/${session.id}/verdicts`,
          `/api/proctoring/attempt/${session.id}/events`,
          ...['newest', 'score', 'attention'].flatMap((order) =>
            [
              'needsReview=true',
              'needsReview=false',
              'reviewed=true',
              'reviewed=false',
              'reviewState=none',
              'reviewState=done',
              'incident=TAB_SWITCH',
              'incident=PROCTOR_FLAG',
            ].map((filter) => `/api/sessions?order=${order}&${filter}`),
          ),
        ];
        const seen = async () => {
          const answers = new Map<string, unknown>();
          for (const route of routes) answers.set(route, await student.get(route));
          return answers;
        };
        const before = await seen();
        await reviewer.post(`/api/events/${event.id}/review`, { decision: 'dismissed', reason: 'A slip' });
        expect(await seen()).toEqual(before);
        await judge(reviewer, session.id, 'concern');
        expect(await seen()).toEqual(before);
      });

      test('sees nothing of it, nor a decision about an event, before its release; then the verdict and its reason', async () => {
        const { session, event, student } = await ended();
        await reviewer.post(`/api/events/${event.id}/review`, { decision: 'dismissed', reason: 'A slip' });
        const given = await judge(reviewer, session.id, 'concern', 'Left the page once');
        const seen = async () => ({
          mine: await student.get<Record<string, unknown>>(`/api/proctoring/my-attempt/${session.id}`),
          events: await student.get(`/api/proctoring/attempt/${session.id}/events`),
          session: await student.get(`/api/sessions/${session.id}`),
          list: (await student.get<{ items: ListedSession[] }>('/api/sessions?order=score&reviewed=false')).items,
          judged: (await student.get<{ items: ListedSession[] }>('/api/sessions?reviewed=true')).items,
          incidents: (await student.get<{ items: ListedSession[] }>('/api/sessions?incident=TAB_SWITCH')).items,
          verdicts: await mineOf(student, session.id),
        });
        const before = await seen();
        expect(before).toMatchObject({
          mine: { verdict: null, session: { riskScore: 3, reviewedScore: 3 }, events: { items: [{ review: null }] } },
          events: { items: [{ review: null }] },
          session: { reviewedScore: 3, reviewedLevel: 'Low' },
          list: [{ id: session.id, verdict: null, reviewedScore: 3 }],
          judged: [],
          incidents: [{ id: session.id }],
          verdicts: [],
        });
        expect(JSON.stringify(before)).not.toMatch(/dismissed|Left the page|A slip/);
        for (const act of [answer, appeal])
          await expect(act(student, session.id)).rejects.toMatchObject({ status: 409, code: 'verdict_missing' });

        await release(second, session.id, given);
        expect(await seen()).toMatchObject({
          mine: { verdict: { verdict: 'concern', by: null }, session: { reviewedScore: 0 } },
          events: { items: [{ review: 'dismissed' }] },
          list: [],
          judged: [{ id: session.id, verdict: 'concern' }],
          incidents: [],
          verdicts: [{ verdict: 'concern', reason: 'Left the page once', by: null, mayAnswer: true, mayAppeal: true }],
        });
      });

      test('sees names of staff if the policy says so', async () => {
        const { session, student } = await ended({ release: { staffNames: true } });
        await release(second, session.id, await judge(reviewer, session.id, 'violation'));
        expect(await mineOf(student, session.id)).toMatchObject([{ by: { id: reviewer.userId } }]);
        expect(JSON.stringify(await mineOf(student, session.id))).not.toContain('@');
      });

      test('answers once, within the days', async () => {
        const { session, student } = await ended({ release: { answerDays: 3, appealDays: 2 } });
        await release(second, session.id, await judge(reviewer, session.id, 'concern'));
        await answer(student, session.id, 'My sister came in');
        await expect(answer(student, session.id)).rejects.toMatchObject({ code: 'already_answered' });
        expect(await stepsOf(reviewer, session.id)).toMatchObject({
          state: 'answered',
          releases: [{ answer: { text: 'My sister came in' } }],
        });
        await expect(answer(student, session.id, 'x'.repeat(5001))).rejects.toMatchObject({ status: 400 });
        await later(2);
        const late = await again(student);
        await expect(appeal(late, session.id)).rejects.toMatchObject({ code: 'window_closed' });
        expect(await mineOf(late, session.id)).toMatchObject([{ mayAnswer: false, mayAppeal: false }]);
        expect((await chain(session.id)).map(([type, actor]) => [type, actor])).toEqual([
          ['VERDICT_GIVEN', reviewer.userId],
          ['VERDICT_RELEASED', second.userId],
          ['VERDICT_ANSWERED', student.userId],
        ]);
      });

      test('has no time for either where the policy gives none', async () => {
        const { session, student } = await ended({ release: { answerDays: 0, appealDays: 0 } });
        await release(second, session.id, await judge(reviewer, session.id, 'concern'));
        for (const act of [answer, appeal])
          await expect(act(student, session.id)).rejects.toMatchObject({ code: 'window_closed' });
      });

      test('is the only one who reads and answers it', async () => {
        const { session } = await ended();
        const other = await newPerson(site, 'student');
        await release(second, session.id, await judge(reviewer, session.id, 'concern'));
        for (const by of [other, reviewer, site.admin]) {
          await expect(mineOf(by, session.id)).rejects.toMatchObject({ status: 404 });
          await expect(answer(by, session.id)).rejects.toMatchObject({ status: 404 });
          await expect(appeal(by, session.id)).rejects.toMatchObject({ status: 404 });
          await expect(withdraw(by, session.id)).rejects.toMatchObject({ status: 404 });
        }
      });
    });

    describe('a release', () => {
      test('is by a second person where the policy says so', async () => {
        const { session } = await ended({ release: { secondPerson: true } });
        const given = await judge(reviewer, session.id, 'concern');
        expect(await stepsOf(reviewer, session.id)).toMatchObject({
          state: 'provisional',
          refusals: { release: 'second_person_required' },
        });
        await expect(release(reviewer, session.id, given)).rejects.toMatchObject({
          status: 403,
          code: 'second_person_required',
        });
        expect(await release(second, session.id, given)).toMatchObject({ state: 'released' });
        await expect(release(manager, session.id, given)).rejects.toMatchObject({ code: 'already_released' });
      });

      test('is never by the one who terminated the session, nor by its student, nor by a proctor', async () => {
        const exam = await site.admin.createExam({}, { staffAccess: 'all' });
        const student = await newPerson(site, 'student');
        const session = await student.startSession(exam.id);
        await manager.post('/api/sessions/commands', { do: 'terminate', reason: 'Enough', sessions: [session.id] });
        const given = await judge(reviewer, session.id, 'violation');
        await expect(release(manager, session.id, given)).rejects.toMatchObject({
          status: 403,
          code: 'person_involved',
        });
        await expect(release(await newPerson(site, 'proctor'), session.id, given)).rejects.toMatchObject({
          status: 403,
          code: 'forbidden',
        });
        await site.admin.request('PATCH', `/api/users/${student.userId}`, { role: 'reviewer' });
        const promoted = site.api();
        await promoted.login(student.tokens!.user.email, PASSWORD);
        await expect(release(promoted, session.id, given)).rejects.toMatchObject({ status: 403 });
        expect(await stepsOf(reviewer, session.id)).toMatchObject({ state: 'provisional', releases: [] });
      });

      test('is of the newest verdict, which the caller has seen', async () => {
        const { session, student } = await ended();
        await expect(release(second, session.id, { id: session.id })).rejects.toMatchObject({
          code: 'verdict_missing',
        });
        const first = await judge(reviewer, session.id, 'concern', 'First');
        const newer = await judge(reviewer, session.id, 'no_concern', 'Newer');
        await expect(release(second, session.id, first)).rejects.toMatchObject({
          code: 'newer_verdict',
          body: { ref: newer.id },
        });
        await release(second, session.id, newer);
        await judge(reviewer, session.id, 'violation', 'Newest');
        expect(await stepsOf(reviewer, session.id)).toMatchObject({
          state: 'provisional',
          verdict: { verdict: 'violation' },
          shown: { verdict: 'no_concern' },
        });
        expect(await mineOf(student, session.id)).toMatchObject([{ verdict: 'no_concern' }]);
      });

      test('names events of the session that are not dismissed', async () => {
        const { session, event } = await ended();
        const other = await ended();
        const given = await judge(reviewer, session.id, 'concern');
        await expect(release(second, session.id, given, [other.event])).rejects.toMatchObject({ status: 400 });
        await reviewer.post(`/api/events/${event.id}/review`, { decision: 'dismissed', reason: 'A slip' });
        await expect(release(second, session.id, given, [event])).rejects.toMatchObject({ status: 400 });
        await reviewer.post(`/api/events/${event.id}/review`, { decision: 'confirmed', reason: 'Seen' });
        expect(await release(second, session.id, given, [event])).toMatchObject({ releases: [{ events: [event.id] }] });
      });
    });

    describe('an appeal', () => {
      async function appealed(policy: PolicyInput = {}): Promise<Sitting> {
        const sitting = await ended(policy);
        const { session, student } = sitting;
        await release(second, session.id, await judge(reviewer, session.id, 'violation'));
        await appeal(student, session.id, 'I was alone');
        return sitting;
      }

      test('goes to a person who had no part in the decision, given by a manager', async () => {
        const { session, student } = await appealed();
        await expect(appeal(student, session.id)).rejects.toMatchObject({ code: 'already_appealed' });
        for (const person of [reviewer, second])
          await expect(giveTo(manager, session.id, person)).rejects.toMatchObject({
            status: 403,
            code: 'person_involved',
          });
        for (const person of [student, await newPerson(site, 'proctor')])
          await expect(giveTo(manager, session.id, person)).rejects.toMatchObject({ status: 404 });
        await expect(giveTo(officer, session.id, officer)).rejects.toMatchObject({ status: 403 });
        const { items } = await manager.get<{ items: { id: string }[] }>(`/api/sessions/${session.id}/appeal/officers`);
        const people = items.map(({ id }) => id);
        expect(people).toEqual(expect.arrayContaining([officer.userId, manager.userId, site.admin.userId]));
        for (const person of [reviewer, second, student]) expect(people).not.toContain(person.userId);
        await expect(decide(officer, session.id, { outcome: 'upheld' })).rejects.toMatchObject({ status: 403 });
        await giveTo(manager, session.id, officer);
        for (const person of [reviewer, second, manager])
          await expect(decide(person, session.id, { outcome: 'upheld' })).rejects.toMatchObject({ status: 403 });
        expect(await decide(officer, session.id, { outcome: 'upheld', reason: 'The picture shows it' })).toMatchObject({
          state: 'closed',
          shown: { verdict: 'violation' },
        });
        expect(await mineOf(student, session.id)).toMatchObject([
          { verdict: 'violation', outcome: { outcome: 'upheld', reason: 'The picture shows it', by: null } },
        ]);
        expect((await chain(session.id)).map(([type, actor]) => [type, actor])).toEqual([
          ['VERDICT_GIVEN', reviewer.userId],
          ['VERDICT_RELEASED', second.userId],
          ['VERDICT_APPEALED', student.userId],
          ['APPEAL_ASSIGNED', manager.userId],
          ['APPEAL_DECIDED', officer.userId],
        ]);
        await expect(decide(officer, session.id, { outcome: 'upheld' })).rejects.toMatchObject({
          code: 'appeal_missing',
        });
      });

      test('changes the verdict by adding one, which the student sees with the outcome', async () => {
        const { session, student } = await appealed();
        await giveTo(manager, session.id, officer);
        for (const body of [
          { outcome: 'changed' },
          { outcome: 'upheld', verdict: 'concern' },
          { outcome: 'changed', verdict: 'violation' },
        ])
          await expect(decide(officer, session.id, body)).rejects.toMatchObject({ status: 400 });
        const after = await decide(officer, session.id, { outcome: 'changed', verdict: 'no_concern' });
        expect(after).toMatchObject({
          state: 'closed',
          verdict: { verdict: 'no_concern', by: { id: officer.userId } },
          releases: [
            { verdict: { verdict: 'violation' }, appeal: { outcome: { verdict: { verdict: 'no_concern' } } } },
          ],
        });
        const { verdicts } = await site.admin.get<{ verdicts: { verdict: string }[] }>(
          `/api/proctoring/attempt/${session.id}`,
        );
        expect(verdicts.map(({ verdict }) => verdict)).toEqual(['no_concern', 'violation']);
        const mine = await student.get<{ verdict: { verdict: string } }>(`/api/proctoring/my-attempt/${session.id}`);
        expect(mine.verdict.verdict).toBe('no_concern');
        await expect(release(second, session.id, after.verdict!)).rejects.toMatchObject({ code: 'already_released' });
      });

      test('keeps verdict and release as they are until its outcome', async () => {
        const { session, student } = await appealed();
        await expect(judge(second, session.id, 'no_concern')).rejects.toMatchObject({
          status: 409,
          code: 'appeal_open',
        });
        await withdraw(student, session.id);
        await expect(withdraw(student, session.id)).rejects.toMatchObject({ code: 'appeal_missing' });
        await expect(appeal(student, session.id)).rejects.toMatchObject({ code: 'already_appealed' });
        expect(await mineOf(student, session.id)).toMatchObject([{ outcome: { outcome: 'withdrawn', by: null } }]);
        await judge(second, session.id, 'no_concern');
      });

      test('freezes the session: nobody deletes the exam or anonymises the student', async () => {
        const { session, student, exam } = await appealed();
        await site.admin.request('PATCH', `/api/exams/${exam.id}/status`, { status: 'completed', endSessions: true });
        await site.admin.request('PATCH', `/api/exams/${exam.id}/status`, { status: 'archived' });
        const remove = () => site.admin.request('DELETE', `/api/exams/${exam.id}`);
        const anonymise = () => site.admin.post(`/api/users/${student.userId}/anonymise`);
        for (const act of [remove, anonymise])
          await expect(act()).rejects.toMatchObject({ status: 409, code: 'appeal_open', body: { ref: session.id } });
        await giveTo(manager, session.id, officer);
        await decide(officer, session.id, { outcome: 'upheld' });
        await anonymise();
        await remove();
        await expect(stepsOf(site.admin, session.id)).rejects.toMatchObject({ status: 404 });
      });

      test('freezes retention, which runs again after its outcome', async () => {
        const { session } = await appealed({ retentionDays: 20 });
        const calm = await ended({ retentionDays: 20 });
        await giveTo(manager, session.id, officer);
        const restart = async () => {
          await site.close();
          await start();
          await later(0);
        };
        const isGone = async ({ id }: { readonly id: string }) =>
          (await site.admin.send('GET', `/api/sessions/${id}`)).status === 404;
        time.now += 21 * DAY;
        await restart();
        await waitFor('retention', () => isGone(calm.session));
        expect(await stepsOf(officer, session.id)).toMatchObject({ state: 'appealed' });
        expect((await listed(reviewer, 'overdue=true')).map(({ sessionId }) => sessionId)).toContain(session.id);
        await decide(officer, session.id, { outcome: 'upheld' });
        await restart();
        await waitFor('retention', () => isGone(session));
      });
    });

    test('the list has states, deadlines and people, of the sessions that the caller sees', async () => {
      const exam = await site.admin.createExam({ release: { decideDays: 5 } }, { staffAccess: 'assigned' });
      const [one, two, three] = [
        await sitAndEnd(site, exam, await newPerson(site, 'student')),
        await sitAndEnd(site, exam, await newPerson(site, 'student')),
        await sitAndEnd(site, exam, await newPerson(site, 'student')),
      ];
      await assign(site, exam.id, reviewer);
      for (const { session } of [one, two, three]) await judge(reviewer, session.id, 'concern');
      for (const { session, student } of [two, three]) {
        const { verdict } = await stepsOf(manager, session.id);
        await release(manager, session.id, verdict!);
        if (session === two.session) await answer(student, session.id);
        else await appeal(student, session.id);
      }
      const ids = async (by: Api, query: string) =>
        (await listed(by, `exam=${exam.id}&${query}`)).map(({ sessionId }) => sessionId);
      expect(await ids(reviewer, '')).toEqual([three, two, one].map(({ session }) => session.id));
      expect(await ids(second, '')).toEqual([]);
      expect(await ids(manager, 'state=provisional')).toEqual([one.session.id]);
      expect(await ids(manager, 'state=answered')).toEqual([two.session.id]);
      expect(await ids(manager, 'state=appealed&officer=none')).toEqual([three.session.id]);
      expect(await ids(manager, `judge=${reviewer.userId}`)).toHaveLength(3);
      expect(await ids(manager, 'overdue=true')).toEqual([]);
      await giveTo(manager, three.session.id, site.admin);
      expect(await ids(site.admin, `officer=${site.admin.userId}`)).toEqual([three.session.id]);
      expect(await ids(manager, 'officer=none')).toEqual([]);
      const { items, nextCursor } = await manager.get<{ items: VerdictListItem[]; nextCursor: string }>(
        `/api/verdicts?exam=${exam.id}&limit=1`,
      );
      expect(items).toMatchObject([
        {
          state: 'appealed',
          verdict: 'concern',
          judge: { id: reviewer.userId },
          officer: { id: site.admin.userId },
          overdue: false,
        },
      ]);
      expect(await ids(manager, `cursor=${nextCursor}`)).toEqual([two, one].map(({ session }) => session.id));
      await later(5);
      expect(await ids(manager, 'overdue=true')).toEqual([three, one].map(({ session }) => session.id));
      expect(await stepsOf(manager, one.session.id)).toMatchObject({ state: 'provisional', releases: [] });
    });
  });
}
