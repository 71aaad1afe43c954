import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { Team } from '../../protocol/team.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { randomChoices } from '../support/random.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { newPerson } from '../support/staffed-site.ts';

/** Pairs of acts on each database. */
const PAIRS = Number(process.env['TEST_PAIRS'] ?? sized(1000, 200));
/** Sessions that are acted on side by side. */
const LANES = 20;

const KINDS_OF_ACT = ['seen', 'take', 'take', 'hand over', 'release', 'note'] as const;
type Kind = (typeof KINDS_OF_ACT)[number];

interface Outcome {
  readonly kind: Kind;
  readonly by: string;
  readonly to: string | null;
  readonly holder: string | null;
  /** Undefined: done. */
  readonly refused: { readonly code: string; readonly detail: string } | undefined;
}

for (const { kind: database, available, title } of KINDS) {
  describe.runIf(available)(`two staff who share one session at the same moment, on ${title}`, () => {
    const choices = randomChoices();
    let site: TestServer;
    let db: Db;
    let staff: readonly [Api, Api];
    beforeAll(async () => {
      site = await startTestServer({ kind: database, overrides: { db: (real) => (db = real) } });
      staff = [await newPerson(site, 'proctor'), await newPerson(site, 'proctor')];
    });
    afterAll(() => site?.close());

    async function facts(session: string) {
      const row = await db.selectFrom('session_team').selectAll().where('session_id', '=', session).executeTakeFirst();
      const notes = await db
        .selectFrom('session_notes')
        .select('id')
        .where('session_id', '=', session)
        .orderBy('id')
        .execute();
      const entries = await db
        .selectFrom('audit_entries')
        .select(['event_type', 'actor', 'at', 'payload'])
        .where('entity_id', '=', session)
        .where('event_type', 'in', ['SESSION_SEEN', 'SESSION_CLAIMED', 'NOTE_ADDED'])
        .orderBy('position')
        .execute();
      return {
        row,
        notes: notes.map(({ id }) => id),
        entries: entries.map(({ payload, ...entry }) => ({
          ...entry,
          payload: JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>,
        })),
      };
    }
    type Facts = Awaited<ReturnType<typeof facts>>;

    async function act(kind: Kind, by: Api, other: Api, session: string, holder: string | null): Promise<Outcome> {
      const to = kind === 'take' ? by.userId : kind === 'hand over' ? other.userId : null;
      const outcome = { kind, by: by.userId, to, holder };
      try {
        if (kind === 'seen') await by.post(`/api/sessions/${session}/seen`, { attention: 50 });
        else if (kind === 'note') await by.post(`/api/sessions/${session}/notes`, { text: 'a note' });
        else await by.request('PUT', `/api/sessions/${session}/claim`, { to, holder });
        return { ...outcome, refused: undefined };
      } catch (error) {
        const { code, body } = error as { code?: string; body?: Record<string, unknown> };
        if (code === undefined) throw error;
        return { ...outcome, refused: { code, detail: String(body?.['detail'] ?? '') } };
      }
    }

    /** The log has the acts in an order that leads from the state before to the one after. */
    function check(before: Facts, after: Facts, outcomes: readonly Outcome[]): void {
      const news = after.entries.slice(before.entries.length);
      let holder = before.row?.claimed_by ?? null;
      for (const { event_type, payload } of news) {
        if (event_type !== 'SESSION_CLAIMED') continue;
        expect(payload['before'], 'each claim follows the one before').toBe(holder);
        holder = payload['to'] as string | null;
      }
      expect(after.row?.claimed_by ?? null, 'the last claim stands').toBe(holder);
      const seen = after.entries.findLast(({ event_type }) => event_type === 'SESSION_SEEN');
      expect(after.row?.seen_by ?? null, 'the last mark stands').toBe(seen?.actor ?? null);
      const noted = after.entries.filter(({ event_type }) => event_type === 'NOTE_ADDED');
      expect(
        noted.map(({ payload }) => payload['noteId']),
        'notes are in the order of the log',
      ).toEqual(after.notes);
      expect(after.row?.notes ?? 0).toBe(after.notes.length);
      expect((after.row?.version ?? 0) - (before.row?.version ?? 0), 'each act is a change').toBe(news.length);
      const type = { seen: 'SESSION_SEEN', note: 'NOTE_ADDED' } as const;
      let expected = 0;
      for (const { kind, by, to, holder: known, refused } of outcomes) {
        if (refused) {
          expect(refused.code, kind).toBe('claim_changed');
          expect(refused.detail.length, `${kind}: words`).toBeGreaterThan(10);
          continue;
        }
        // One that changes nothing is no act.
        if (kind !== 'seen' && kind !== 'note' && to === known) continue;
        expected += 1;
        const name = kind === 'seen' || kind === 'note' ? type[kind] : 'SESSION_CLAIMED';
        expect(
          news.some(({ event_type, actor }) => event_type === name && actor === by),
          `${kind}: its audit entry`,
        ).toBe(true);
      }
      expect(news, 'one entry for each act').toHaveLength(expected);
    }

    test(`of ${PAIRS} random pairs each has one order, none is lost, and consoles end with the last state`, async () => {
      const exam = await site.admin.createExam({}, { durationMinutes: 600 });
      const draws = Array.from({ length: PAIRS }, () => Array.from({ length: 3 }, () => choices.random()));
      const of = (draw: number): Kind => KINDS_OF_ACT[Math.floor(draw * KINDS_OF_ACT.length)]!;
      const sessions = await Promise.all(
        Array.from({ length: LANES }, async () => (await (await site.student()).startSession(exam.id)).id),
      );
      const wall = new RawSocket(site.url, await staff[0].consoleTicket());
      await wall.opened();
      wall.send({ type: 'subscribe', exam: exam.id });
      await wall.next('snapshot');
      const shown = (session: string) =>
        wall
          .of('team')
          .flatMap((message) => message['sessions'] as Team[])
          .findLast((team) => team.session === session);

      async function lane(session: string, pairs: readonly (readonly number[])[]): Promise<void> {
        for (const [first, second, third] of pairs as readonly [number, number, number][]) {
          const before = await facts(session);
          const holder = before.row?.claimed_by ?? null;
          const pair = [of(first), of(second)] as const;
          const order = third < 0.5 ? [0, 1] : [1, 0];
          const outcomes = await Promise.all(
            order.map((n) => act(pair[n]!, staff[n]!, staff[1 - n]!, session, holder)),
          );
          check(before, await facts(session), outcomes);
        }
        const { row } = await facts(session);
        await wall.until('the last state', () => {
          const team = shown(session);
          return (
            (team?.claim?.by.id ?? null) === (row?.claimed_by ?? null) &&
            (team?.seen?.by.id ?? null) === (row?.seen_by ?? null) &&
            (team?.notes ?? 0) === (row?.notes ?? 0)
          );
        });
      }
      const share = Math.ceil(PAIRS / LANES);
      await Promise.all(sessions.map((session, n) => lane(session, draws.slice(n * share, (n + 1) * share))));
      wall.close();
    }, 900_000);
  });
}
