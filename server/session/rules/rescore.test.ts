import { describe, expect, test } from 'vitest';
import { Policy, type PolicyInput } from '../../../protocol/policy.ts';
import { type ScoredEvent, scoreAgain, UNSCORED } from './rescore.ts';

const event = (type: string, more: Partial<ScoredEvent> = {}): ScoredEvent => ({
  type,
  source: 'vision',
  weight: 0,
  duration_ms: 0,
  details: {},
  review: null,
  ...more,
});
const incident = (type: string, seconds: number, frames: number, more: Partial<ScoredEvent> = {}) =>
  event(type, { duration_ms: seconds * 1000, details: { frames }, ...more });

function score(other: PolicyInput, events: readonly ScoredEvent[], recorded: PolicyInput = {}) {
  const policies = { recorded: Policy.parse(recorded), other: Policy.parse(other) };
  const { riskScore, reviewedScore } = events.reduce((state, each) => scoreAgain(policies, state, each), UNSCORED);
  return { riskScore, reviewedScore };
}

describe('rescoring under another policy', () => {
  test("keeps a person's flag at its weight, also of a pause, outside of the risk score", () => {
    const flag = event('PROCTOR_FLAG', { source: 'proctor', weight: 6 });
    const events = [event('TAB_SWITCH'), event('SESSION_PAUSED', { source: 'proctor' }), flag];
    expect(score({ weights: { TAB_SWITCH: 1, PROCTOR_FLAG: 50 } }, events)).toEqual({ riskScore: 1, reviewedScore: 7 });
    expect(score({}, [flag, { ...flag, review: 'dismissed' }])).toEqual({ riskScore: 0, reviewedScore: 6 });
    // A client cannot give itself one.
    expect(score({ unknownWeight: 1 }, [{ ...flag, source: 'client' }])).toEqual({ riskScore: 0, reviewedScore: 0 });
  });

  test('uses its weights, for unknown types too', () => {
    const events = [event('TAB_SWITCH'), event('COPY'), incident('NO_FACE', 5, 6)];
    expect(score({}, events)).toEqual({ riskScore: 6, reviewedScore: 6 });
    expect(score({ weights: { TAB_SWITCH: 7, NO_FACE: 0 }, unknownWeight: 0.5 }, events)).toEqual({
      riskScore: 7.5,
      reviewedScore: 7.5,
    });
  });

  test('excludes dismissed events from the reviewed score', () => {
    const events = [
      event('TAB_SWITCH', { review: 'dismissed' }),
      event('TAB_SWITCH', { review: 'confirmed' }),
      event('TAB_SWITCH'),
    ];
    expect(score({ weights: { TAB_SWITCH: 4 } }, events)).toEqual({ riskScore: 12, reviewedScore: 8 });
  });

  test.each([
    ['NO_FACE', 'noFace'],
    ['LOOKING_AWAY', 'lookingAway'],
    ['CAMERA_COVERED', 'cameraCovered'],
    ['FROZEN_VIDEO', 'frozenVideo'],
    ['NO_FRAME_RECEIVED', 'noFrame'],
  ])('%s that is shorter than the longer hold would not have opened', (type, hold) => {
    const other = { holds: { [hold]: 20 }, weights: { [type]: 1 } };
    expect(score(other, [incident(type, 19, 20)])).toEqual({ riskScore: 0, reviewedScore: 0 });
    expect(score(other, [incident(type, 21, 22)])).toEqual({ riskScore: 1, reviewedScore: 1 });
  });

  test('a hold that misses its length by the usual jitter counts, as it does live', () => {
    expect(score({ holds: { noFace: 5 } }, [incident('NO_FACE', 4.8, 20)]).riskScore).toBe(2);
    expect(score({ holds: { noFace: 5 } }, [incident('NO_FACE', 4.7, 20)]).riskScore).toBe(0);
  });

  test('an equal or shorter hold removes no incident, however short it was cut off', () => {
    expect(score({}, [incident('NO_FACE', 1, 30)]).riskScore).toBe(2);
    expect(score({ holds: { noFace: 2 } }, [incident('NO_FACE', 1, 30)]).riskScore).toBe(2);
    expect(score({ holds: { noFace: 3 } }, [incident('NO_FACE', 2, 30)], { holds: { noFace: 1 } }).riskScore).toBe(0);
  });

  test('MULTIPLE_FACES is held by its number of frames', () => {
    const other = { multipleFaces: { frames: 4 } };
    expect(score(other, [incident('MULTIPLE_FACES', 9, 3)]).riskScore).toBe(0);
    expect(score(other, [incident('MULTIPLE_FACES', 9, 4)]).riskScore).toBe(4);
  });

  test('time with the camera covered does not count towards the length of an incident', () => {
    const long = event('NO_FACE', { duration_ms: 70_000, details: { frames: 9, unknownSeconds: 62 } });
    expect(score({ holds: { noFace: 8 } }, [long]).riskScore).toBe(2);
    expect(score({ holds: { noFace: 30 } }, [long]).riskScore).toBe(0);
  });

  test('of an incident that came and went, time without the condition counts against it at half', () => {
    const blinking = event('NO_FACE', { duration_ms: 60_000, details: { frames: 36, clearSeconds: 30 } });
    expect(score({ holds: { noFace: 14 } }, [blinking]).riskScore).toBe(2);
    expect(score({ holds: { noFace: 17 } }, [blinking]).riskScore).toBe(0);
  });

  test('an incident of unknown length weighs', () => {
    expect(score({ holds: { noFace: 60 } }, [event('NO_FACE', { duration_ms: null })]).riskScore).toBe(2);
  });

  test('events during a pause weigh zero', () => {
    const events = [
      event('TAB_SWITCH'),
      event('SESSION_PAUSED'),
      event('TAB_SWITCH'),
      event('SESSION_RESUMED'),
      event('TAB_SWITCH'),
    ];
    expect(score({}, events).riskScore).toBe(6);
    expect(score({ weights: { SESSION_RESUMED: 1, SESSION_PAUSED: 10 } }, events).riskScore).toBe(17);
  });
});
