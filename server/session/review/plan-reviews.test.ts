import { describe, expect, test } from 'vitest';
import type { EventRow } from '../../../db/events.ts';
import type { ReviewRow } from '../../../db/reviews.ts';
import { planGroup, planUndo } from './plan-reviews.ts';

const by = { by: 'reviewer', at: new Date(0) };

const events = (...rows: readonly (readonly [id: string, review: EventRow['review'], source?: EventRow['source']])[]) =>
  new Map(
    rows.map(([id, review, source = 'client']) => [id, { id, seq: id.charCodeAt(0), review, source } as EventRow]),
  );

const aUndecided = {
  decision: 'dismissed' as const,
  reason: 'no',
  events: { undecided: ['a'], confirmed: [], dismissed: [] },
};

let reviews = 0;
const made = (
  event: string,
  decision: ReviewRow['decision'],
  act: string | null = null,
  undoes: string | null = null,
) =>
  ({
    id: act === null ? `single-${event}` : `${act}-${event}-${++reviews}`,
    event_id: event,
    decision,
    reason: 'nothing to see',
    by_name: 'Pía',
    act_id: act,
    undoes,
  }) as ReviewRow;

const outcome = (plan: ReturnType<typeof planUndo>) => plan.map(({ eventId, decision }) => [eventId, decision]);

describe('a group decision', () => {
  test('reviews every event of the act with the same decision, reason, time and act', () => {
    const plan = planGroup(
      {
        decision: 'dismissed',
        reason: 'a notification',
        events: { undecided: ['a'], confirmed: ['b'], dismissed: [] },
      },
      events(['a', null], ['b', 'confirmed']),
      by,
    );
    expect(plan).toMatchObject([
      { eventId: 'a', decision: 'dismissed', reason: 'a notification', ...by },
      { eventId: 'b', decision: 'dismissed', reason: 'a notification', ...by },
    ]);
    expect(new Set(plan.map(({ act }) => act)).size).toBe(1);
    expect(new Set(plan.map(({ id }) => id)).size).toBe(2);
  });

  test('is refused if an event has another decision than its caller saw', () => {
    expect(() => planGroup(aUndecided, events(['a', 'confirmed']), by)).toThrow(
      expect.objectContaining({ code: 'decided_meanwhile', ref: 'a' }),
    );
  });

  test('is refused if it contains an act of staff', () => {
    expect(() => planGroup(aUndecided, events(['a', null, 'proctor']), by)).toThrow(
      expect.objectContaining({ code: 'act_of_staff', ref: 'a' }),
    );
  });
});

describe('an undo', () => {
  test('returns each event to the decision that it had before the act, and reopens the others', () => {
    const history = [made('a', 'confirmed'), made('a', 'dismissed', 'one'), made('b', 'dismissed', 'one')];
    const plan = planUndo('one', history, by);
    expect(outcome(plan)).toEqual([
      ['a', 'confirmed'],
      ['b', 'reopened'],
    ]);
    expect(plan[0]).toMatchObject({ undoes: 'one', reason: 'Undone: dismissed by Pía (nothing to see)' });
  });

  test('of a second act, and then of the first, walks back over both', () => {
    const history = [made('a', 'dismissed', 'one'), made('a', 'confirmed', 'two')];
    expect(outcome(planUndo('two', history, by))).toEqual([['a', 'dismissed']]);
    history.push(made('a', 'dismissed', 'undo-two', 'two'));
    expect(outcome(planUndo('one', history, by))).toEqual([['a', 'reopened']]);
  });

  test.each([
    ['a later decision about one of its events', [made('a', 'dismissed', 'one'), made('a', 'confirmed')]],
    ['an earlier undo', [made('a', 'dismissed', 'one'), made('a', 'reopened', 'undo', 'one')]],
  ])('is refused after %s', (_, history) => {
    expect(() => planUndo('one', history, by)).toThrow(expect.objectContaining({ code: 'decided_meanwhile' }));
  });

  test('of a decision about one event, made before acts had ids, takes the review as its act', () => {
    expect(outcome(planUndo('single-a', [made('a', 'dismissed')], by))).toEqual([['a', 'reopened']]);
  });

  test('of an unknown act is refused', () => {
    expect(() => planUndo('none', [], by)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
