import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MIGRATIONS } from './migrate.ts';

test('every file in db/migrations is registered in db/migrate.ts under its name, in order', () => {
  const files = readdirSync(new URL('./migrations/', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
  expect(Object.keys(MIGRATIONS)).toEqual(files.toSorted());
});
