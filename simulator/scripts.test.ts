import { expect, test } from 'vitest';
import { SIGNALS } from '../protocol/event-types.ts';
import { CLIP_NAMES } from './draw/clips.ts';
import { clipsShown, scriptFor, scriptNamed, SCRIPTS } from './scripts.ts';

test.each(SCRIPTS)('$name: steps are in order, within the round, and known', ({ period, steps }) => {
  const times = steps.map((step) => step.at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  for (const step of steps) {
    expect(step.at).toBeGreaterThanOrEqual(0);
    expect(step.at).toBeLessThan(period);
    if ('clip' in step) expect(CLIP_NAMES).toContain(step.clip);
    if ('signal' in step) expect(SIGNALS).toContain(step.signal);
    if ('cut' in step) expect(step.at + step.cut).toBeLessThan(period);
  }
});

test('ten students of the mix cover every behaviour', () => {
  const names = new Set(Array.from({ length: 10 }, (_, index) => scriptFor(index).name));
  expect([...names].sort()).toEqual(SCRIPTS.map((script) => script.name).sort());
});

test('a named script applies to all students, and an unknown name is refused with the known ones', () => {
  expect(scriptFor(7, 'leaves').name).toBe('leaves');
  expect(() => scriptNamed('sleeps')).toThrow(/sleeps.*attentive, leaves/);
});

test('only clips in use are drawn', () => {
  expect(clipsShown(5, 'attentive')).toEqual(['attentive']);
  expect(clipsShown(5, 'leaves').sort()).toEqual(['attentive', 'empty']);
  const inScripts = CLIP_NAMES.filter((name) => !name.startsWith('turn-'));
  expect(clipsShown(200).sort()).toEqual(inScripts.sort());
});
