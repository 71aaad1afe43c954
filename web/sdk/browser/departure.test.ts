import { describe, expect, test } from 'vitest';
import { leaves, type Navigation, Navigations, onReturn } from './departure.ts';

const PAGES = 'https://exams.example.org/';
const to = (
  url: string,
  more: Partial<Omit<Navigation, 'destination'>> & { sameDocument?: boolean } = {},
): Navigation => {
  const { sameDocument = false, ...rest } = more;
  return {
    navigationType: 'push',
    hashChange: false,
    downloadRequest: null,
    ...rest,
    destination: { url, sameDocument },
  };
};

describe('navigations that leave the exam', () => {
  test.for([
    ['a link to another site', to('https://search.example/'), true],
    ['back to another site', to('https://search.example/', { navigationType: 'traverse' }), true],
    ['a link to another page of the exam', to('https://exams.example.org/page/2'), false],
    ['a link within the page', to('https://exams.example.org/#3', { sameDocument: true, hashChange: true }), false],
    ['a reload', to('https://search.example/', { navigationType: 'reload' }), false],
    ['a download', to('https://files.example/a.pdf', { downloadRequest: '' }), false],
    ['an email address', to('mailto:help@example.org'), false],
  ] as const)('%s: %s', ([_name, navigation, expected]) => {
    expect(leaves(navigation, PAGES)).toBe(expected);
  });

  test('a site whose address only begins like the exam is another site', () => {
    expect(leaves(to('https://exams.example.org.evil.example/'), PAGES)).toBe(true);
  });

  test('only the newest navigation counts, and for 30 s', () => {
    const navigations = new Navigations(PAGES);
    expect(navigations.isLeaving(0)).toBe(false);
    navigations.began(to('https://search.example/'), 1000);
    expect(navigations.isLeaving(31_000)).toBe(true);
    expect(navigations.isLeaving(31_001)).toBe(false);
    navigations.began(to('https://search.example/'), 40_000);
    navigations.began(to('https://exams.example.org/#a', { sameDocument: true }), 40_100);
    expect(navigations.isLeaving(40_200)).toBe(true);
    navigations.stays();
    expect(navigations.isLeaving(40_250)).toBe(false);
    navigations.began(to('https://search.example/'), 40_280);
    navigations.began(to('https://exams.example.org/page/2'), 40_300);
    expect(navigations.isLeaving(40_400)).toBe(false);
  });
});

describe('the page that is back', () => {
  test('after an absence that was reported: how long it lasted', () => {
    expect(onReturn({ at: 1000, told: true }, 4000, false)).toEqual({
      type: 'RETURNED_TO_EXAM',
      data: { after: 'PAGE_LEFT', durationMs: 3000 },
    });
  });

  test.for([
    ['within 10 s', 10_999, false, undefined],
    ['after 10 s', 11_000, false, 'PAGE_LEFT'],
    ['a reload that took long', 60_000, true, undefined],
    ['a clock that was set back', 0, false, undefined],
  ] as const)('after one that was not, %s', ([_name, now, reloaded, type]) => {
    expect(onReturn({ at: 1000, told: false }, now, reloaded)?.type).toBe(type);
  });
});
