import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { Event } from '../../protocol/events.ts';
import type { SessionCommandsAnswer } from '../../protocol/http/session-commands.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { randomChoices } from '../support/random.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { newPerson } from '../support/staffed-site.ts';

/** Pairs of acts on each database. */
const PAIRS = Number(process.env['TEST_PAIRS'] ?? sized(1000, 200));
/** Students whose sessions are acted on side by side. */
const LANES = 20;
const MINUTE = 60_000;

const LIVE = ['pause', 'resume', 'extend', 'message', 'confirm', 'dismiss', 'terminate', 'end', 'readmit'] as const;
const ENDED = ['no_concern', 'concern', 'confirm', 'dismiss', 'readmit', 'pause', 'end'] as const;
type Kind = (typeof LIVE)[number] | (typeof ENDED)[number];

/** Refusals that the order of two acts explains; anything else is a fault. */
const EXPLAINED = new Set(['session_over', 'session_running', 'readmission_pending']);

interface Outcome {
  readonly kind: Kind;
  readonly by: string;
  /** Undefined: done. */
  readonly refused: { readonly code: string; readonly detail: string } | undefined;
}

const EVENT_OF: Partial<Record<Kind, string>> = {
  pause: 'SESSION_PAUSED',
  resume: 'SESSION_RESUMED',
  extend: 'SESSION_EXTENDED',
  message: 'PROCTOR_MESSAGE',
  terminate: 'SESSION_TERMINATED',
};
const ENTRY_OF: Partial<Record<Kind, string>> = {
  confirm: 'EVENT_REVIEWED',
  dismiss: 'EVENT_REVIEWED',
  no_concern: 'VERDICT_GIVEN',
  concern: 'VERDICT_GIVEN',
  readmit: 'STUDENT_READMITTED',
};

for (const { kind: database, available, title } of KINDS) {
  describe.runIf(available)(`two staff who act on one session at the same moment, on ${title}`, () => {
    const choices = randomChoices();
    let site: TestServer;
    let db: Db;
    let staff: readonly [Api, Api];
    beforeAll(async () => {
      site = await startTestServer({ kind: database, overrides: { db: (real) => (db = real) } });
      staff = [await newPerson(site, 'proctor'), await newPerson(site, 'proctor')];
    });
    afterAll(() => site?.close());

    async function facts(sessionId: string) {
      const session = await db.selectFrom('sessions').selectAll().where('id', '=', sessionId).executeTakeFirstOrThrow();
      const events = await db
        .selectFrom('events')
        .select(['id', 'seq', 'type', 'started_at', 'details', 'review'])
        .where('session_id', '=', sessionId)
        .orderBy('seq')
        .execute();
      const entries = await db
        .selectFrom('audit_entries')
        .select(['position', 'event_type', 'actor', 'payload'])
        .where('entity_type', '=', 'session')
        .where('entity_id', '=', sessionId)
        .where('event_type', '<>', 'EVENTS_STORED')
        .orderBy('position')
        .execute();
      const verdicts = await db
        .selectFrom('verdicts')
        .select(['id'])
        .where('session_id', '=', sessionId)
        .orderBy('id', 'desc')
        .execute();
      return {
        session,
        verdicts,
        events,
        entries: entries.map(({ payload, ...entry }) => ({
          ...entry,
          payload: JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>,
        })),
      };
    }
    type Facts = Awaited<ReturnType<typeof facts>>;

    async function act(kind: Kind, by: Api, session: string, event: string): Promise<Outcome> {
      const refusal = (code: string, detail: string): Outcome => ({ kind, by: by.userId, refused: { code, detail } });
      try {
        const command = async (body: object) => {
          const { failed } = await by.post<SessionCommandsAnswer>('/api/sessions/commands', {
            ...body,
            sessions: [session],
          });
          return failed[0] && refusal(failed[0].code, failed[0].detail);
        };
        const done = { kind, by: by.userId, refused: undefined };
        switch (kind) {
          case 'pause':
          case 'resume':
            return (await command({ do: kind, reason: 'a reason' })) ?? done;
          case 'extend':
            return (await command({ do: 'extend', minutes: 3 })) ?? done;
          case 'message':
            return (await command({ do: 'message', text: 'a text' })) ?? done;
          case 'terminate':
            return (await command({ do: 'terminate', reason: 'a reason' })) ?? done;
          case 'end':
            await by.post(`/api/sessions/${session}/end`);
            return done;
          case 'confirm':
          case 'dismiss': {
            const decision = kind === 'confirm' ? 'confirmed' : 'dismissed';
            await by.post(`/api/events/${event}/review`, { decision, reason: 'seen' });
            return done;
          }
          case 'no_concern':
          case 'concern':
            await by.post(`/api/sessions/${session}/verdict`, { verdict: kind, reason: 'seen' });
            return done;
          case 'readmit':
            await by.post(`/api/sessions/${session}/readmissions`, { kind: 'new', reason: 'again' });
            return done;
        }
      } catch (error) {
        const { code, body } = error as { code?: string; body?: Record<string, unknown> };
        if (code === undefined) throw error;
        return refusal(code, String(body?.['detail'] ?? ''));
      }
    }

    /** The acts of the pair one after the other, in the order of their events, lead to the state that is stored. */
    function checkOrder(before: Facts, after: Facts): void {
      let status = before.session.status;
      let deadline = before.session.deadline!.getTime();
      let pausedAt = before.session.paused_at?.getTime() ?? 0;
      const news = after.events.filter(({ seq }) => seq > before.session.last_seq);
      for (const { type, started_at, details } of news) {
        const at = started_at.getTime();
        if (type === 'SESSION_PAUSED' || type === 'SESSION_RESUMED') {
          const to = type === 'SESSION_PAUSED' ? 'paused' : 'active';
          expect(status === to, `${type} is noted as a repetition exactly if it is one`).toBe(
            details['again'] === true,
          );
          if (status === to) continue;
          if (to === 'paused') pausedAt = at;
          else {
            expect(details['pausedMs']).toBe(at - pausedAt);
            deadline += at - pausedAt;
          }
          status = to;
        }
        if (type === 'SESSION_EXTENDED') {
          expect(status, 'nothing is extended after the end').not.toBe('ended');
          deadline = Math.max(deadline, status === 'paused' ? pausedAt : at) + Number(details['minutes']) * MINUTE;
          expect(details['deadline']).toBe(new Date(deadline).toISOString());
        }
        if (type === 'SESSION_TERMINATED') {
          expect(status, 'one end').not.toBe('ended');
          if (status === 'paused') deadline += after.session.ended_at!.getTime() - pausedAt;
          status = 'ended';
        }
      }
      if (after.session.status === 'ended' && status !== 'ended') {
        if (status === 'paused') deadline += after.session.ended_at!.getTime() - pausedAt;
        status = 'ended';
      }
      expect(after.session.status).toBe(status);
      expect(after.session.deadline!.getTime()).toBe(deadline);
      const position = (id: unknown) => after.events.findIndex((event) => event.id === id);
      const commands = after.entries.filter(({ event_type }) => event_type === 'COMMAND_GIVEN');
      const places = commands.map(({ payload }) => position(payload['eventId']));
      expect(places, 'the log has the commands in the order of their events').toEqual(places.toSorted((a, b) => a - b));
    }

    function checkRecorded(before: Facts, after: Facts, { kind, by, refused }: Outcome): void {
      const news = after.events.filter(({ seq }) => seq > before.session.last_seq);
      const entries = after.entries.slice(before.entries.length);
      const what = `${kind} by one of two`;
      if (refused) {
        expect(EXPLAINED, `${what}: ${refused.code}, ${refused.detail}`).toContain(refused.code);
        expect(refused.detail.length, `${what}: words`).toBeGreaterThan(10);
        return;
      }
      const type = EVENT_OF[kind];
      if (type) {
        const own = news.filter((event) => event.type === type && event.details['by'] === by);
        const lastBy = before.events.findLast((one) => /^SESSION_(PAUSED|RESUMED)$/.test(one.type))?.details['by'];
        const repeats = kind === 'pause' ? 'paused' : 'active';
        const isOwn = lastBy === by || lastBy === undefined;
        // A resumption of a session that nobody has paused meanwhile is no act.
        const mayRepeat = kind === 'pause' ? isOwn : kind === 'resume' && (isOwn || before.session.status === repeats);
        if (own.length === 0 && mayRepeat) return;
        expect(own, what).toHaveLength(1);
        expect(
          entries.filter(({ actor, payload }) => actor === by && payload['eventId'] === own[0]!.id),
          `${what}: its audit entry`,
        ).toHaveLength(1);
        return;
      }
      if (kind === 'end') {
        // The end of a session that is over is answered as it is.
        expect(after.session.status).toBe('ended');
        return;
      }
      expect(
        entries.filter(({ actor, event_type }) => actor === by && event_type === ENTRY_OF[kind]),
        `${what}: its audit entry`,
      ).toHaveLength(1);
    }

    function checkDecisions({ events, entries, verdicts }: Facts, event: string): void {
      const last = (type: string) => entries.findLast(({ event_type }) => event_type === type)?.payload;
      expect(verdicts[0]?.id, 'the newest verdict is the last in the log').toBe(last('VERDICT_GIVEN')?.['verdictId']);
      const review = last('EVENT_REVIEWED');
      if (review) expect(events.find(({ id }) => id === event)?.review).toBe(review['decision']);
    }

    test(`of ${PAIRS} random pairs each has one order, each act is recorded, and each refusal has words`, async () => {
      const seen = new Map<string, number>();
      const exam = await site.admin.createExam({}, { durationMinutes: 600 });
      // Drawn before anything runs: the lanes take turns in no fixed order.
      const draws = Array.from({ length: PAIRS }, () => Array.from({ length: 3 }, () => choices.random()));
      const of = <T>(values: readonly T[], draw: number): T => values[Math.floor(draw * values.length)]!;

      async function lane(pairs: readonly (readonly number[])[]): Promise<void> {
        const student = await site.student();
        let session = '';
        let event = '';
        let rounds = 0;
        const begin = async () => {
          const started = await student.startSession(exam.id);
          session = started.id;
          const body = { sessionId: session, type: 'TAB_SWITCH' };
          event = (await student.post<Event>('/api/proctoring/event', body)).id;
          rounds = 0;
        };
        await begin();
        for (const [first, second, third] of pairs as readonly [number, number, number][]) {
          const before = await facts(session);
          const kinds = before.session.status === 'ended' ? ENDED : LIVE;
          const pair = [of<Kind>(kinds, first), of<Kind>(kinds, second)] as const;
          const order = third < 0.5 ? [0, 1] : [1, 0];
          const outcomes = await Promise.all(order.map((n) => act(pair[n]!, staff[n]!, session, event)));
          const after = await facts(session);
          const name = [...pair].sort().join(' + ');
          seen.set(name, (seen.get(name) ?? 0) + 1);
          for (const outcome of outcomes) checkRecorded(before, after, outcome);
          checkOrder(before, after);
          checkDecisions(after, event);
          expect(after.entries.filter(({ event_type }) => event_type === 'SESSION_ENDED').length).toBeLessThanOrEqual(
            1,
          );
          if (after.session.status !== 'ended' || ++rounds < 4) continue;
          await site.admin
            .post(`/api/sessions/${session}/readmissions`, { kind: 'new', reason: 'the next round' })
            .catch((error: { code?: string }) => expect(error.code).toBe('readmission_pending'));
          await begin();
        }
      }
      const share = Math.ceil(PAIRS / LANES);
      await Promise.all(Array.from({ length: LANES }, (_, n) => lane(draws.slice(n * share, (n + 1) * share))));
      expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(PAIRS);
      if (PAIRS >= 1000) expect(seen.size, 'different pairs').toBeGreaterThan(40);
    }, 900_000);
  });
}
