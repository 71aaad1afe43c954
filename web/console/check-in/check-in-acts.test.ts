import { expect, test } from 'vitest';
import { actsOf, decidedSince, needsReason } from './check-in-acts.ts';

const open = { mayDecide: true, sessionId: null } as const;

test('a refused check-in can only be opened again, an admitted one held or refused', () => {
  expect(actsOf({ ...open, state: 'refused' })).toEqual(['reopen']);
  expect(actsOf({ ...open, state: 'admitted' })).toEqual(['hold', 'refuse']);
  expect(actsOf({ ...open, state: 'waiting' })).toEqual(['admit', 'hold', 'refuse']);
});

test('nobody decides who may only read, about a student who is still taking pictures, or after the start', () => {
  expect(actsOf({ ...open, state: 'waiting', mayDecide: false })).toEqual([]);
  expect(actsOf({ ...open, state: 'collecting' })).toEqual([]);
  expect(actsOf({ ...open, state: 'admitted', sessionId: 'session' })).toEqual([]);
});

test('an admission needs a reason only where something is missing', () => {
  expect(needsReason('admit', { missing: [] })).toBe(false);
  expect(needsReason('admit', { missing: ['document'] })).toBe(true);
  expect(needsReason('hold', { missing: [] })).toBe(true);
});

test('a conflict names the decision of a colleague, and nobody if the student changed something', () => {
  const shown = { decisions: [{ id: 'a' }] } as unknown as Parameters<typeof decidedSince>[0];
  const decided = { decisions: [{ id: 'b' }, { id: 'a' }] } as unknown as Parameters<typeof decidedSince>[0];
  expect(decidedSince(shown, decided)).toEqual({ id: 'b' });
  expect(decidedSince(shown, shown)).toBeUndefined();
});
