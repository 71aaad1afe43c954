import { describe, expect, test } from 'vitest';
import type { EventRow } from '../../../db/events.ts';
import type { SessionRow } from '../../../db/sessions.ts';
import { makeEvent, T0, totalsOf } from '../../../test/support/rows.ts';
import { Policy } from '../../../protocol/policy.ts';
import { NO_ATTENTION } from '../rules/attention.ts';
import { SessionState } from './session-state.ts';

const ROW: SessionRow = {
  id: '0191f0a0-0000-7000-8000-000000000001',
  exam_id: '0191f0a0-0000-7000-8000-000000000002',
  student_id: '0191f0a0-0000-7000-8000-000000000003',
  status: 'active',
  end_reason: null,
  policy: Policy.parse({}),
  policy_version: 1,
  accommodations: null,
  attempt: 1,
  time_from: null,
  started_by_staff: null,
  started_by_key: null,
  started_at: new Date(T0),
  deadline: new Date(T0 + 3_600_000),
  ended_at: null,
  owner_epoch: 4,
  risk_score: 2,
  rolling_risk: 1.5,
  rolling_at: new Date(T0),
  risk_level: 'Low',
  last_seq: 7,
  last_offset: 11,
  dismissed_weight: 0,
  reviewed_score: 2,
  attention: 0,
  attention_state: null,
  client_origin: null,
  baseline: null,
  requests: null,
  last_frame_at: new Date(T0 - 500),
  last_seen_at: new Date(T0 - 400),
  idempotency_key: null,
  room: null,
  audit_salt: new Uint8Array(32),
};

const open = (state: SessionState, type = 'NO_FACE', at = T0) =>
  state.record(
    {
      type,
      source: 'vision',
      startedAt: at,
      endedAt: undefined,
      confidence: 0.5,
      details: { frames: 3, seen: 'first' },
    },
    at + 3000,
  );

describe('numbers of a session', () => {
  test('continue after those of its row: seq with each event, offset with each change (E1 P2)', () => {
    const state = new SessionState(ROW, []);
    const opened = open(state);
    const signal = state.record({ type: 'TAB_SWITCH', source: 'client', startedAt: T0, endedAt: T0 }, T0);
    const closed = state.change('NO_FACE', { at: T0 + 9000, ended: true });
    expect([opened, signal, closed].map((row) => [row!.seq, row!.change_offset])).toEqual([
      [8, 12],
      [9, 13],
      [8, 14],
    ]);
    expect(state.totals(T0)).toMatchObject({ last_seq: 9, last_offset: 14, epoch: 4 });
  });

  test('totals of an untouched session are those of its row', () => {
    expect(new SessionState(ROW, []).totals(T0)).toEqual(totalsOf({ ...ROW, attention_state: NO_ATTENTION }));
  });

  test('a signal keeps its stream, its number and its digest', () => {
    const signal = { stream: ROW.exam_id, seq: 3, digest: 'abc' };
    expect(
      new SessionState(ROW, []).record({ type: 'COPY', source: 'client', startedAt: T0, endedAt: T0, signal }, T0),
    ).toMatchObject({
      stream: ROW.exam_id,
      client_seq: 3,
      body_digest: 'abc',
      duration_ms: 0,
      ended_at: new Date(T0),
    });
  });
});

describe('weights of events (E4)', () => {
  test('come from the policy, decide the severity, and add to the sums', () => {
    const state = new SessionState(ROW, []);
    expect(open(state, 'MULTIPLE_FACES')).toMatchObject({ weight: 4, severity: 'high' });
    expect(state.record({ type: 'MY_SIGNAL', source: 'client', startedAt: T0, endedAt: T0 }, T0)).toMatchObject({
      weight: 1,
      severity: 'low',
    });
    expect(state.risk(T0)).toMatchObject({ score: 7, level: 'Medium' });
    expect(state.totals(T0)).toMatchObject({ risk_score: 7, risk_level: 'Medium' });
  });

  test('count once for an incident, however often it changes', () => {
    const state = new SessionState(ROW, []);
    open(state);
    for (let i = 1; i < 5; i++) state.change('NO_FACE', { at: T0 + i * 10_000, ended: false });
    state.change('NO_FACE', { at: T0 + 60_000, ended: true });
    expect(state.risk(T0).score).toBe(4);
  });

  test('are zero while the session is paused', () => {
    const state = new SessionState(ROW, []);
    state.setStatus('paused');
    expect(state.record({ type: 'TAB_SWITCH', source: 'client', startedAt: T0, endedAt: T0 }, T0)).toMatchObject({
      weight: 0,
      severity: 'info',
    });
    state.setStatus('active');
    expect(state.record({ type: 'TAB_SWITCH', source: 'client', startedAt: T0, endedAt: T0 }, T0).weight).toBe(3);
  });
});

describe('incidents of a session', () => {
  test('keep their id, number and beginning; time, confidence and details change', () => {
    const state = new SessionState(ROW, []);
    const opened = open(state);
    const closed = state.change('NO_FACE', { at: T0 + 8000, ended: true, confidence: 0.75, details: { frames: 9 } });
    expect(closed).toEqual({
      ...opened,
      change_offset: 13,
      ended_at: new Date(T0 + 8000),
      duration_ms: 8000,
      confidence: 0.75,
      details: { frames: 9, seen: 'first' },
    });
    expect(state.isOpen('NO_FACE')).toBe(false);
    expect(state.change('NO_FACE', { at: T0 + 9000, ended: true })).toBeUndefined();
  });

  test('that an earlier owner left open are known, and can be closed', () => {
    const left: EventRow = {
      ...makeEvent(ROW.id, { type: 'LOOKING_AWAY', seq: 5, ended_at: null, duration_ms: 2000 }),
      review: null,
    };
    const state = new SessionState(ROW, [left]);
    expect(state.openTypes).toEqual(['LOOKING_AWAY']);
    expect(state.change('LOOKING_AWAY', { at: T0 + 2000, ended: true })).toMatchObject({
      id: left.id,
      seq: 5,
      change_offset: 12,
      duration_ms: 2000,
    });
  });

  test('never end before they began, whatever the clock does', () => {
    const state = new SessionState(ROW, []);
    open(state);
    expect(state.change('NO_FACE', { at: T0 - 60_000, ended: true })).toMatchObject({
      ended_at: new Date(T0),
      duration_ms: 0,
    });
  });

  test('that last longer than the duration column can hold are stored with its maximum', () => {
    const state = new SessionState(ROW, []);
    open(state, 'CONNECTION_LOST');
    const month = 31 * 24 * 3600 * 1000;
    expect(state.change('CONNECTION_LOST', { at: T0 + month, ended: true })).toMatchObject({
      ended_at: new Date(T0 + month),
      duration_ms: 2 ** 31 - 1,
    });
    expect(
      state.record({ type: 'NO_FACE', source: 'vision', startedAt: T0, endedAt: T0 + month }, T0).duration_ms,
    ).toBe(2 ** 31 - 1);
  });
});

describe('reviews of events', () => {
  const times = { startedAt: T0, endedAt: T0 };

  test('change the event, and the dismissed weight only', () => {
    const state = new SessionState(ROW, []);
    const event = state.record({ type: 'TAB_SWITCH', source: 'client', ...times }, T0);
    const dismissed = state.review(event, 'dismissed', T0);
    expect(dismissed).toEqual({ ...event, change_offset: 13, review: 'dismissed' });
    expect(state.totals(T0)).toMatchObject({ risk_score: 5, dismissed_weight: 3, last_seq: 8, last_offset: 13 });
    expect(state.review(dismissed, 'dismissed', T0)).toMatchObject({ change_offset: 14 });
    expect(state.totals(T0).dismissed_weight).toBe(3);
    state.review(dismissed, 'confirmed', T0);
    expect(state.totals(T0)).toMatchObject({ risk_score: 5, dismissed_weight: 0, last_offset: 15 });
  });

  test('that reopen an event leave it undecided, with its weight restored', () => {
    const state = new SessionState(ROW, []);
    const event = state.record({ type: 'TAB_SWITCH', source: 'client', ...times }, T0);
    const reopened = state.review(state.review(event, 'dismissed', T0), 'reopened', T0);
    expect(reopened).toEqual({ ...event, change_offset: 14, review: null });
    expect(state.totals(T0)).toMatchObject({ risk_score: 5, dismissed_weight: 0, last_offset: 14 });
    state.review(state.review(reopened, 'confirmed', T0), 'reopened', T0);
    expect(state.totals(T0)).toMatchObject({ risk_score: 5, dismissed_weight: 0, last_offset: 16 });
    state.review(state.review(open(state), 'confirmed', T0), 'reopened', T0);
    expect(state.change('NO_FACE', { at: T0 + 8000, ended: true })).toMatchObject({ review: null });
  });

  test('add to the weight dismissed before, without rounding errors', () => {
    const state = new SessionState({ ...ROW, dismissed_weight: 0.3 }, []);
    const event = { ...makeEvent(ROW.id, { weight: 0.2 }), review: 'dismissed' as const };
    state.review(event, 'confirmed', T0);
    expect(state.totals(T0).dismissed_weight).toBe(0.1);
  });

  test('of an open incident stay with it', () => {
    const state = new SessionState(ROW, []);
    state.review(open(state), 'confirmed', T0);
    expect(state.change('NO_FACE', { at: T0 + 8000, ended: true })).toMatchObject({
      review: 'confirmed',
      change_offset: 14,
    });
    // Another one of its type is another one.
    const before = state.review(makeEvent(ROW.id, { type: 'NO_FACE' }), 'dismissed', T0);
    expect(open(state)).toMatchObject({ review: null });
    state.review(before, 'confirmed', T0);
    expect(state.change('NO_FACE', { at: T0 + 9000, ended: true })).toMatchObject({ review: null });
  });
});

describe('the end of a session', () => {
  test('moves from its deadline when extended, and from now when that is past or missing', () => {
    expect(new SessionState(ROW, []).extend(10, T0)).toEqual(new Date(T0 + 4_200_000));
    expect(new SessionState(ROW, []).extend(10, T0 + 7_200_000)).toEqual(new Date(T0 + 7_800_000));
    expect(new SessionState({ ...ROW, deadline: null }, []).extend(10, T0)).toEqual(new Date(T0 + 600_000));
  });

  test('has a reason and a time', () => {
    const state = new SessionState(ROW, []);
    state.end('expired', T0 + 5);
    expect(state.totals(T0)).toMatchObject({ status: 'ended', end_reason: 'expired', ended_at: new Date(T0 + 5) });
  });
});
