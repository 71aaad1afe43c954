import { describe, expect, test } from 'vitest';
import { differences } from './differences.ts';
import { Policy } from './policy.ts';

describe('differences between two versions', () => {
  test('name every changed setting by its path, with both values', () => {
    const from = Policy.parse({});
    const to = Policy.parse({ holds: { lookingAway: 8 }, gaze: { enabled: false }, weights: { TAB_SWITCH: 7 } });
    expect(differences(from, to)).toEqual([
      { path: 'weights.TAB_SWITCH', from: from.weights['TAB_SWITCH'], to: 7 },
      { path: 'holds.lookingAway', from: 3, to: 8 },
      { path: 'gaze.enabled', from: true, to: false },
    ]);
  });

  test('are none between equal versions, whatever the order of their fields', () => {
    expect(differences(Policy.parse({}), Policy.parse({}))).toEqual([]);
    expect(differences({ a: 1, b: { c: [1, { d: 2 }] } }, { b: { c: [1, { d: 2 }] }, a: 1 })).toEqual([]);
  });

  test('state null where one version has no such setting', () => {
    expect(differences({ detection: { holds: { noFace: 9 } } }, { detection: {} })).toEqual([
      { path: 'detection.holds.noFace', from: 9, to: null },
    ]);
    expect(differences({ evidence: { keep: true } }, { evidence: { keep: true, retentionDays: 30 } })).toEqual([
      { path: 'evidence.retentionDays', from: null, to: 30 },
    ]);
  });

  test('compare zero, false and empty text as values of their own', () => {
    expect(differences({ a: 0, b: false, c: '' }, { a: null, b: null, c: null })).toHaveLength(3);
  });

  test('compare lists as a whole', () => {
    expect(differences({ list: [1, 2] }, { list: [1, 3] })).toEqual([{ path: 'list', from: [1, 2], to: [1, 3] }]);
    expect(differences({ list: [] }, { list: {} })).toHaveLength(1);
  });
});
