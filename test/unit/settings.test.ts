import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Settings } from '../../server/config.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('.env.example lists every setting that the server reads, and no other', () => {
  const listed = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]!);
  expect(listed.sort()).toEqual(Object.keys(Settings.shape).sort());
});
