import { expect, test } from 'vitest';
import { DEFAULT_PREFS, parsePrefs } from './prefs.ts';

test('stored preferences are restored', () => {
  const prefs = {
    ...DEFAULT_PREFS,
    names: 'hidden',
    pictures: 'blurred',
    tiles: 'S',
    filters: false,
    sound: false,
    keys: { ...DEFAULT_PREFS.keys, next: 'q' },
  } as const;
  expect(parsePrefs(JSON.stringify(prefs))).toEqual(prefs);
});

test('invalid stored values get their defaults', () => {
  for (const text of [
    null,
    '',
    '{',
    '[]',
    'null',
    '7',
    '{"names":1,"pictures":"x","tiles":"XL","filters":1,"sound":"yes","keys":{"next":"j","previous":"j"}}',
  ])
    expect(parsePrefs(text)).toEqual(DEFAULT_PREFS);
});
