import { expect, test } from 'vitest';
import { NO_FILTER } from './session-filter.ts';
import { hrefOf, parseRoute, type Route } from './route.ts';

const id = '01a20128-b3ea-75c2-965a-5ede413d3d6b';

test('every page of the console has its own URL', () => {
  const routes: Route[] = [
    { page: 'exams' },
    { page: 'security' },
    { page: 'wall', exam: undefined },
    { page: 'wall', exam: id },
    { page: 'sessions', filter: NO_FILTER },
    {
      page: 'sessions',
      filter: { ...NO_FILTER, exam: id, q: 'García & Co', reviewed: 'any', level: 'High', from: '2026-03-29' },
    },
    ...(['session', 'review', 'report'] as const).map((page) => ({ page, session: id })),
  ];
  for (const route of routes) expect(parseRoute(hrefOf(route))).toEqual(route);
});

test('no hash is the exam list, and an unknown one is a page that says so', () => {
  for (const hash of ['', '#', '#/']) expect(parseRoute(hash)).toEqual({ page: 'exams' });
  for (const hash of ['#/x', '#/exam/', '#/exam/1', '#/session/<b>'])
    expect(parseRoute(hash)).toEqual({ page: 'unknown' });
});
