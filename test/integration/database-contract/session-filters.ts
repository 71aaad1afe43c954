import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { saveEvents } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { insertOrganisation } from '../../../db/organisations.ts';
import { insertReviews } from '../../../db/reviews.ts';
import { assignReviewer } from '../../../db/review-work.ts';
import type { SessionFilter } from '../../../db/session-filter.ts';
import { listRankedSessions, listSessions } from '../../../db/session-list.ts';
import { insertSession, saveTotals } from '../../../db/sessions.ts';
import { insertVerdict } from '../../../db/verdicts.ts';
import { Policy } from '../../../protocol/policy.ts';
import { makeEvent, makeExam, makeUser, randomHash, T0, totalsOf } from '../../support/rows.ts';

const HOUR_MS = 3_600_000;
const LEVELS = ['Low', 'Medium', 'High'] as const;
const REASONS = ['finished', 'terminated', 'expired'] as const;
const ROOMS = ['A', 'B'] as const;
const TYPES = ['TAB_SWITCH', 'COPY'] as const;
const ATTENTION = ['calm', 'watch', 'high'] as const;
const STATES = ['none', 'begun', 'done'] as const;

const Facts = fc.record({
  ended: fc.boolean(),
  reason: fc.constantFrom(...REASONS),
  level: fc.constantFrom(...LEVELS),
  room: fc.constantFrom(...ROOMS),
  hour: fc.integer({ min: 0, max: 5 }),
  attention: fc.constantFrom(0, 10, 14.9, 15, 39.9, 40, 60),
  score: fc.constantFrom(0, 4, 5, 12),
  state: fc.constantFrom(...STATES),
  given: fc.boolean(),
  event: fc.option(fc.constantFrom(...TYPES)),
  dismissed: fc.boolean(),
});
type Facts = typeof Facts extends fc.Arbitrary<infer T> ? T : never;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const Filter = fc.record({
  level: maybe(fc.constantFrom(...LEVELS)),
  room: maybe(fc.constantFrom(...ROOMS, 'a', 'b', 'Z')),
  endReason: maybe(fc.constantFrom(...REASONS)),
  incident: maybe(fc.constantFrom(...TYPES, 'CUT')),
  reviewed: maybe(fc.boolean()),
  needsReview: maybe(fc.boolean()),
  reviewState: maybe(fc.constantFrom(...STATES)),
  reviewer: maybe(fc.constantFrom('given', 'none')),
  fromHour: maybe(fc.integer({ min: 0, max: 5 })),
  toHour: maybe(fc.integer({ min: 0, max: 6 })),
  attention: maybe(fc.constantFrom(...ATTENTION)),
  minAttention: maybe(fc.constantFrom(0, 10, 15, 40)),
  status: maybe(fc.constantFrom('active' as const, 'ended' as const)),
});
type Filter = typeof Filter extends fc.Arbitrary<infer T> ? T : never;

/** What the filters mean, in words of their own. A draw of all calm sessions: each of them needs a look. */
function allows(filter: Filter, facts: Facts): boolean {
  // A verdict is on an ended session.
  const state = facts.state === 'done' && !facts.ended ? 'none' : facts.state;
  const is = <T>(wanted: T | undefined, value: T) => wanted === undefined || wanted === value;
  return (
    is(filter.level, facts.level) &&
    is<string>(filter.room?.toUpperCase(), facts.room) &&
    (filter.endReason === undefined || (facts.ended && facts.reason === filter.endReason)) &&
    (filter.incident === undefined || (facts.event === filter.incident && !facts.dismissed)) &&
    is(filter.reviewed, state === 'done') &&
    is(filter.needsReview, facts.ended && state !== 'done') &&
    is(filter.reviewState, state) &&
    is(filter.reviewer, facts.given ? 'given' : 'none') &&
    (filter.fromHour === undefined || facts.hour >= filter.fromHour) &&
    (filter.toHour === undefined || facts.hour < filter.toHour) &&
    is(filter.attention, facts.attention < 15 ? 'calm' : facts.attention < 40 ? 'watch' : 'high') &&
    facts.attention >= (filter.minAttention ?? 0) &&
    is(filter.status, facts.ended ? 'ended' : 'active')
  );
}

export function sessionFilters(database: () => Db): void {
  /** Sessions in an organisation of their own. */
  async function site(all: readonly Facts[]) {
    const db = database();
    const organisationId = uuidv7();
    await insertOrganisation(db, { id: organisationId, name: organisationId, created_at: new Date(T0) });
    const [staff, reviewer] = [await makeUser(db, 'manager'), await makeUser(db, 'reviewer')];
    const policy = Policy.parse({});
    const ids: string[] = [];
    for (const facts of all) {
      const exam = await makeExam(db, { organisation_id: organisationId, review_sample_percent: 100 });
      const row = (await insertSession(db, {
        id: uuidv7(),
        exam_id: exam,
        student_id: (await makeUser(db)).id,
        policy,
        policy_version: 1,
        room: facts.room,
        started_at: new Date(T0 + facts.hour * HOUR_MS),
        deadline: null,
      }))!;
      ids.push(row.id);
      const end = { status: 'ended', ended_at: new Date(T0 + 9 * HOUR_MS), end_reason: facts.reason } as const;
      const { level: risk_level, score: risk_score, attention } = facts;
      await saveTotals(db, [totalsOf(row, { ...(facts.ended && end), risk_level, risk_score, attention })]);
      const common = {
        session_id: row.id,
        reason: 'why',
        reason_salt: randomHash(),
        by: staff.id,
        created_at: new Date(T0),
      };
      const event = makeEvent(row.id, { type: facts.event ?? 'RESIZE', review: facts.dismissed ? 'dismissed' : null });
      await saveEvents(db, [event]);
      if (facts.state === 'begun')
        await insertReviews(db, [{ ...common, id: uuidv7(), event_id: event.id, decision: 'confirmed' }]);
      if (facts.state === 'done' && facts.ended)
        await insertVerdict(db, { ...common, id: uuidv7(), verdict: 'concern' });
      if (facts.given) await assignReviewer(db, [row.id], { reviewer: reviewer.id, by: staff.id, at: new Date(T0) });
    }
    const seenBy = { userId: staff.id, role: 'manager' as const, organisationId };
    return { ids, seenBy, reviewer: reviewer.id };
  }

  test('each filter, alone and with others, lists the sessions that it allows, newest first and ranked', async () => {
    const all = fc.sample(Facts, 60);
    const { ids, seenBy, reviewer } = await site(all);
    await fc.assert(
      fc.asyncProperty(Filter, fc.integer({ min: 1, max: 70 }), async ({ fromHour, toHour, ...filter }, limit) => {
        const at = (hour: number | undefined) => (hour === undefined ? undefined : new Date(T0 + hour * HOUR_MS));
        const asked: SessionFilter = {
          ...filter,
          reviewer: filter.reviewer === 'given' ? reviewer : filter.reviewer,
          from: at(fromHour),
          to: at(toHour),
          seenBy,
        };
        const allowed = [...all.keys()].filter((n) => allows({ ...filter, fromHour, toHour }, all[n]!));
        const newest = allowed.toReversed().map((n) => ids[n]);
        // Running ones are ordered by what is not stored.
        const ranked = allowed
          .filter((n) => all[n]!.ended)
          .toSorted((a, b) => all[b]!.attention - all[a]!.attention || b - a)
          .map((n) => ids[n]);
        const db = database();
        const listed: string[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await listSessions(db, { ...asked, cursor, limit });
          listed.push(...page.map(({ id }) => id));
          if (page.length < limit) break;
          cursor = page.at(-1)!.id;
        }
        expect(listed).toEqual(newest);
        const first = await listRankedSessions(db, 'attention', { ...asked, after: undefined, limit });
        expect(first.map(({ id }) => id)).toEqual(ranked.slice(0, limit));
      }),
      { numRuns: 150 },
    );
  }, 600_000);
}
