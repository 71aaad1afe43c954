import { expect, test } from 'vitest';
import { DEFAULT_PREFS, parsePrefs } from './prefs.ts';

test('what was kept comes back', () => {
  const prefs = {
    ...DEFAULT_PREFS,
    names: 'hidden',
    pictures: 'blurred',
    sound: false,
    keys: { ...DEFAULT_PREFS.keys, next: 'n' },
  } as const;
  expect(parsePrefs(JSON.stringify(prefs))).toEqual(prefs);
});

test('what is not understood is as it is for somebody new', () => {
  for (const text of [
    null,
    '',
    '{',
    '[]',
    'null',
    '7',
    '{"names":1,"pictures":"x","sound":"yes","keys":{"next":"j","previous":"j"}}',
  ])
    expect(parsePrefs(text)).toEqual(DEFAULT_PREFS);
});
