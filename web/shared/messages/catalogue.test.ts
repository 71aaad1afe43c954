import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** Modules that read the page's language once, loaded anew for each page. */
const open = async (lang: string, languages: readonly string[] = []) => {
  vi.stubGlobal('document', { documentElement: { lang } });
  vi.stubGlobal('navigator', { languages });
  return {
    ...(await import('./catalogue.ts')),
    ...(await import('./numbers.ts')),
    ...(await import('../time-format.ts')),
  };
};

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

const ENGLISH = { greeting: 'Hello', exams: (count: number) => `${count} exams` };

test('English needs no loading: the page starts at once', async () => {
  const { catalogue, whenTranslated } = await open('en');
  const t = catalogue(ENGLISH, { de: () => Promise.reject(new Error('not asked for')) });
  const start = vi.fn();
  whenTranslated(start);
  expect(start).toHaveBeenCalledOnce();
  expect(t.greeting).toBe('Hello');
});

test('another language of the page is loaded before the page starts', async () => {
  const { catalogue, whenTranslated } = await open('de');
  const t = catalogue(ENGLISH, { de: async () => ({ greeting: 'Hallo', exams: (count) => `${count} Prüfungen` }) });
  await new Promise<void>(whenTranslated);
  expect([t.greeting, t.exams(2)]).toEqual(['Hallo', '2 Prüfungen']);
});

test('a translation that cannot be loaded leaves the page in English', async () => {
  const { catalogue, whenTranslated } = await open('de');
  const t = catalogue(ENGLISH, { de: () => Promise.reject(new Error('offline')) });
  await new Promise<void>(whenTranslated);
  expect(t.greeting).toBe('Hello');
});

test('plurals follow the rules of the page’s language', async () => {
  const forms = { one: '# запись', few: '# записи', many: '# записей', other: '# записи' };
  const { plural } = await open('ru');
  expect([1, 3, 5, 21].map((count) => plural(count, forms))).toEqual([
    '1 запись',
    '3 записи',
    '5 записей',
    '21 запись',
  ]);
});

test('numbers, dates and durations are written as in the reader’s region of that language', async () => {
  const british = await open('en', ['fr-FR', 'en-GB', 'en-US']);
  expect(british.day('2026-01-31T12:00:00Z')).toBe('31 January 2026');
  expect(british.number(12_345)).toBe('12,345');
  vi.resetModules();
  const german = await open('de', ['en-US', 'de-DE']);
  expect(german.day('2026-01-31T12:00:00Z')).toBe('31. Januar 2026');
  expect([german.number(12_345), german.percent(0.5)]).toEqual(['12.345', '50\u00a0%']);
});

test('a duration has its two largest units, and leaves out zeros', async () => {
  const { duration } = await open('en');
  expect([-5, 8000, 60_000, 200_000, 3_600_000, 3_900_000].map(duration)).toEqual([
    '0 sec',
    '8 sec',
    '1 min',
    '3 min 20 sec',
    '1 hr',
    '1 hr 5 min',
  ]);
});
