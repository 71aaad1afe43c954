import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventRow } from '../../../db/events.ts';
import type { SessionRow } from '../../../db/sessions.ts';
import { makeEvent, T0, totalsOf } from '../../../test/support/rows.ts';
import { Policy } from '../../../protocol/policy.ts';
import { NO_ATTENTION } from '../rules/attention.ts';
import type { EndReason } from '../../../protocol/down.ts';
import { LONGEST_PAUSE_MS } from '../../../protocol/pause.ts';
import { SessionState } from './session-state.ts';

const MINUTE = 60_000;

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
  paused_at: null,
  ended_at: null,
  owner_epoch: 4,
  owner_node: null,
  claimed_by: null,
  risk_score: 2,
  rolling_risk: 1.5,
  rolling_at: new Date(T0),
  risk_level: 'Low',
  last_seq: 7,
  last_offset: 11,
  dismissed_weight: 0,
  reviewed_score: 2,
  attention: 0,
  attention_level: 'calm',
  attention_state: null,
  client_origin: null,
  baseline: null,
  requests: null,
  conversation: null,
  last_frame_at: new Date(T0 - 500),
  last_seen_at: new Date(T0 - 400),
  idempotency_key: null,
  room: null,
  review_state: 'none',
  review_draw: 0,
  calm: true,
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
    state.pause(T0);
    expect(state.record({ type: 'TAB_SWITCH', source: 'client', startedAt: T0, endedAt: T0 }, T0)).toMatchObject({
      weight: 0,
      severity: 'info',
    });
    state.resume(T0);
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

describe('flags of staff', () => {
  const flag = {
    by: 'a',
    category: 'PHONE',
    label: 'Phone',
    weight: 6,
    note: undefined,
    from: undefined,
    to: undefined,
  };

  test('weigh in the reviewed score and in attention, not in the risk score, also during a pause', () => {
    const state = new SessionState(ROW, []);
    state.pause(T0);
    const before = state.totals(T0);
    const event = state.flag(flag, T0);
    expect(event).toMatchObject({ type: 'PROCTOR_FLAG', source: 'proctor', weight: 6, severity: 'high' });
    const after = state.totals(T0);
    expect(after).toMatchObject({ risk_score: before.risk_score, dismissed_weight: -6 });
    expect(state.attention(T0).value).toBeGreaterThan(40);
    const dismissed = state.review(event, 'dismissed', T0);
    expect(state.totals(T0).dismissed_weight).toBe(0);
    expect(state.attention(T0).value).toBe(0);
    state.review(dismissed, 'confirmed', T0);
    expect(state.totals(T0).dismissed_weight).toBe(-6);
    // As from all events, when the session is over.
    state.attendAnew([{ ...event, review: 'confirmed' }]);
    expect(state.attention(T0).value).toBeGreaterThan(40);
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

describe('a pause', () => {
  const leftOf = (state: SessionState, now: number) => state.deadline!.getTime() - (state.pausedAt?.getTime() ?? now);

  test('stops the clock of the session: its length is added to the deadline when it ends (C18)', () => {
    const state = new SessionState(ROW, []);
    state.pause(T0 + 10 * MINUTE);
    expect(state.totals(T0 + 30 * MINUTE)).toMatchObject({
      paused_at: new Date(T0 + 10 * MINUTE),
      deadline: ROW.deadline,
    });
    expect(state.resume(T0 + 50 * MINUTE)).toBe(40 * MINUTE);
    expect(state.deadline).toEqual(new Date(T0 + 100 * MINUTE));
    expect(state.totals(T0)).toMatchObject({ paused_at: null, status: 'active' });
  });

  test('outlasts the deadline, and ends the session after 24 h', () => {
    const state = new SessionState(ROW, []);
    expect(state.endsAt).toEqual(ROW.deadline);
    state.pause(T0);
    expect(state.endsAt).toEqual(new Date(T0 + LONGEST_PAUSE_MS));
    const endless = new SessionState({ ...ROW, deadline: null }, []);
    expect(endless.endsAt).toBeNull();
    endless.pause(T0);
    expect(endless.endsAt).toEqual(new Date(T0 + LONGEST_PAUSE_MS));
  });

  test('goes on in another process, from where it began', () => {
    const before = new SessionState(ROW, []);
    before.pause(T0 + MINUTE);
    const after = new SessionState({ ...ROW, ...before.totals(T0 + 2 * MINUTE) }, []);
    after.resume(T0 + 6 * MINUTE);
    expect(after.deadline).toEqual(new Date(T0 + 65 * MINUTE));
  });

  test('that is ended by the end of the session leaves the time that was left', () => {
    const state = new SessionState(ROW, []);
    state.pause(T0 + 20 * MINUTE);
    state.end('terminated', T0 + 90 * MINUTE);
    const { deadline, ended_at, paused_at } = state.totals(T0);
    expect(deadline!.getTime() - ended_at!.getTime()).toBe(40 * MINUTE);
    expect(paused_at).toBeNull();
  });

  test('takes no time away when the clock is set back', () => {
    const state = new SessionState(ROW, []);
    state.pause(T0 + 10 * MINUTE);
    state.resume(T0);
    expect(state.deadline).toEqual(ROW.deadline);
  });

  test('of an absence, and an absence of a pause, draw no attention by their minutes', () => {
    const leave = (state: SessionState, at: number) =>
      state.record({ type: 'TAB_SWITCH', source: 'client', startedAt: at, endedAt: at }, at);
    const during = new SessionState(ROW, []);
    during.pause(T0);
    leave(during, T0 + MINUTE);
    during.resume(T0 + 20 * MINUTE);
    during.absenceEnded('TAB_SWITCH', 20 * MINUTE, T0 + 21 * MINUTE);
    expect(during.attention(T0 + 21 * MINUTE).value).toBe(0);
    const [paused, whole, short] = [1, 2, 3].map(() => new SessionState(ROW, []));
    for (const state of [paused!, whole!]) leave(state, T0);
    leave(short!, T0 + 19 * MINUTE);
    paused!.pause(T0 + MINUTE);
    paused!.resume(T0 + 20 * MINUTE);
    paused!.absenceEnded('TAB_SWITCH', 21 * MINUTE, T0 + 21 * MINUTE);
    whole!.absenceEnded('TAB_SWITCH', 21 * MINUTE, T0 + 21 * MINUTE);
    short!.absenceEnded('TAB_SWITCH', 2 * MINUTE, T0 + 21 * MINUTE);
    const [ofPaused, ofWhole, ofShort] = [paused, whole, short].map((one) => one!.attention(T0 + 21 * MINUTE).value);
    expect(ofPaused).toBe(ofShort);
    expect(ofWhole).toBeGreaterThan(ofShort!);
  });

  test('of an event of a pause, dismissing it takes nothing from the others, and reopening it adds nothing', () => {
    const state = new SessionState(ROW, []);
    // With a risk weight, and without one.
    for (const type of ['TAB_SWITCH', 'SECOND_SCREEN', 'CAMERA_UNAVAILABLE']) {
      const note = (at: number) => state.record({ type, source: 'client', startedAt: at, endedAt: at }, at);
      note(T0);
      state.pause(T0 + MINUTE);
      const event = note(T0 + 2 * MINUTE);
      state.resume(T0 + 3 * MINUTE);
      const now = T0 + 4 * MINUTE;
      const before = state.attention(now);
      expect(before.value).toBeGreaterThan(0);
      const dismissed = state.review(event, 'dismissed', now);
      expect(state.attention(now)).toEqual(before);
      state.review(dismissed, 'reopened', now);
      expect(state.attention(now)).toEqual(before);
    }
  });

  test('neither gives nor takes time: whatever is paused, resumed and extended, time left falls only while it runs', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 7 * MINUTE }),
      act: fc.oneof(
        fc.constantFrom('pause' as const, 'resume' as const, 'load' as const),
        fc.integer({ min: 1, max: 9 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = new SessionState(ROW, []);
        let now = T0;
        let left = 60 * MINUTE;
        for (const { wait, act } of steps) {
          now += wait;
          if (state.status === 'active') left -= wait;
          if (left <= 0) return;
          if (act === 'pause') state.pause(now);
          else if (act === 'resume') state.resume(now);
          else if (act === 'load') state = new SessionState({ ...ROW, ...state.totals(now) }, []);
          else {
            state.extend(act, now);
            left += act * MINUTE;
          }
          expect(leftOf(state, now)).toBe(left);
        }
      }),
    );
  });
});

describe('an absence that lasts', () => {
  const leave = (state: SessionState, type = 'TAB_SWITCH') =>
    state.record({ type, source: 'client', startedAt: T0, endedAt: T0 }, T0);
  const value = (state: SessionState, minutes: number) => state.attention(T0 + minutes * MINUTE).value;
  const last = (state: SessionState, minutes: number) => {
    for (let at = T0; at <= T0 + minutes * MINUTE; at += 10_000) state.absenceLasts('TAB_SWITCH', at);
  };

  test('draws attention by its minutes before it ends, and is as long as reports have shown', () => {
    const state = new SessionState(ROW, []);
    leave(state);
    expect(state.absenceLasts('TAB_SWITCH', T0 + 8000)).toBeUndefined();
    expect(state.absenceLasts('WINDOW_BLUR', T0 + 10_000)).toBeUndefined();
    const row = state.absenceLasts('TAB_SWITCH', T0 + 10_000);
    expect(row).toMatchObject({ duration_ms: 10_000, details: { atLeast: true } });
    last(state, 10);
    expect(state.attention(T0 + 10 * MINUTE).level).toBe('high');
    state.end('finished', T0 + 10 * MINUTE);
    expect(state.attention(T0 + 10 * MINUTE).level).toBe('high');
  });

  test('counts as much as one whose length is stated afterwards, once, and is not shortened by the statement', () => {
    const [reported, stated, short] = [1, 2, 3].map(() => new SessionState(ROW, [])) as [
      SessionState,
      ...SessionState[],
    ];
    for (const state of [reported, stated!, short!]) leave(state);
    last(reported, 5);
    last(short!, 5);
    const ended = [reported, stated!].map((state) => state.absenceEnded('TAB_SWITCH', 5 * MINUTE, T0 + 5 * MINUTE));
    for (const row of ended) expect(row).toMatchObject({ duration_ms: 5 * MINUTE, details: {} });
    expect(value(reported, 6)).toBeCloseTo(value(stated!, 6), 0);
    expect(short!.absenceEnded('TAB_SWITCH', 0, T0 + 5 * MINUTE)).toMatchObject({ duration_ms: 5 * MINUTE });
    expect(value(short!, 6)).toBe(value(reported, 6));
    reported.attendAnew([ended[0]!]);
    expect(reported.attention(T0 + 5 * MINUTE).value).toBeCloseTo(value(stated!, 5), 0);
  });

  test('is still one after the session was loaded anew', () => {
    const state = new SessionState(ROW, []);
    leave(state);
    const row = state.absenceLasts('TAB_SWITCH', T0 + MINUTE)!;
    const loaded = new SessionState({ ...ROW, attention_state: state.totals(T0 + MINUTE).attention_state }, [row]);
    expect(loaded.openAbsences).toEqual(['TAB_SWITCH']);
    expect(loaded.absenceEnded('TAB_SWITCH', 3 * MINUTE, T0 + 3 * MINUTE)).toMatchObject({ duration_ms: 3 * MINUTE });
    expect(new SessionState(ROW, [{ ...row, details: {} }]).openAbsences).toEqual([]);
  });

  test('that a person dismissed draws none', () => {
    const state = new SessionState(ROW, []);
    state.review(leave(state), 'dismissed', T0);
    last(state, 5);
    expect(value(state, 5)).toBe(0);
  });
});

describe('a gap that lasts to the end of the session', () => {
  const HOURS = 2;
  const END = T0 + HOURS * 60 * MINUTE;
  const row: SessionRow = { ...ROW, deadline: new Date(END) };
  const gone = (state: SessionState, from: number) =>
    state.record({ type: 'CONNECTION_LOST', source: 'connection', startedAt: from, endedAt: undefined }, from);
  /** Attention of a student who is gone so many minutes before the end, of two hours. */
  function leftBefore(minutes: number, { reason = 'expired', of = row }: { reason?: EndReason; of?: SessionRow } = {}) {
    const state = new SessionState(of, []);
    gone(state, END - minutes * MINUTE);
    const [closed] = state.closeOpen(reason, END);
    state.end(reason, END);
    return { attention: state.attention(END), details: closed!.details, state, closed: closed! };
  }

  test('counts by the share of the exam that it took: whoever leaves near the end stays calm, half an exam is high', () => {
    expect([0, 1, 3, 10, 15].map((minutes) => leftBefore(minutes).attention.level)).toEqual(Array(5).fill('calm'));
    expect(leftBefore(30).attention.level).toBe('watch');
    expect(leftBefore(60).attention.level).toBe('high');
    const values = [1, 5, 15, 30, 60, 110].map((minutes) => leftBefore(minutes).attention.value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  test('is high meanwhile, since nobody knows whether the student comes back', () => {
    const state = new SessionState(row, []);
    gone(state, T0);
    expect(state.attention(T0 + 30_000).value).toBeGreaterThan(5);
    expect(state.attention(T0 + 5 * MINUTE).level).toBe('high');
  });

  test('leaves no highest value of before its end, whatever was recorded in it', () => {
    const state = new SessionState(row, []);
    gone(state, END - 10 * MINUTE);
    state.record({ type: 'COPY', source: 'client', startedAt: END - MINUTE, endedAt: END - MINUTE }, END - MINUTE);
    state.closeOpen('expired', END);
    state.end('expired', END);
    expect(state.attention(END).level).toBe('calm');
  });

  test('counts in full when the student ends the session, and when it was over before', () => {
    expect(leftBefore(10, { reason: 'finished' }).attention.level).toBe('high');
    const state = new SessionState(row, []);
    gone(state, END - 30 * MINUTE);
    state.change('CONNECTION_LOST', { at: END - 20 * MINUTE, ended: true });
    state.end('expired', END);
    expect(state.attention(END).level).toBe('high');
  });

  test('does not count without a deadline, but that it began', () => {
    const { attention } = leftBefore(100, { of: { ...row, deadline: null } });
    expect(attention).toMatchObject({ level: 'calm', because: [{ type: 'CONNECTION_LOST', share: 1 }] });
  });

  test('counts without the pause that ends in it', () => {
    const state = new SessionState(row, []);
    gone(state, T0 + 100 * MINUTE);
    state.pause(T0 + 101 * MINUTE);
    state.closeOpen('expired', T0 + 101 * MINUTE + LONGEST_PAUSE_MS);
    state.end('expired', T0 + 101 * MINUTE + LONGEST_PAUSE_MS);
    expect(state.attention(END).level).toBe('calm');
  });

  test('is the same computed anew from the events, and gone when it is dismissed', () => {
    const { attention, state, closed } = leftBefore(45);
    state.attendAnew([closed]);
    expect(state.attention(END)).toEqual(attention);
    state.attendAnew([{ ...closed, review: 'dismissed' }]);
    expect(state.attention(END).value).toBe(0);
  });
});
