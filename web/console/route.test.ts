import { expect, test } from 'vitest';
import { hrefOf, parseRoute, type Route } from './route.ts';

const id = '01a20128-b3ea-75c2-965a-5ede413d3d6b';

test('every page of the console has its own URL', () => {
  const routes: Route[] = [
    { page: 'exams' },
    { page: 'security' },
    { page: 'wall', exam: undefined },
    { page: 'wall', exam: id },
    ...(['session', 'review', 'report'] as const).map((page) => ({ page, session: id })),
  ];
  for (const route of routes) expect(parseRoute(hrefOf(route))).toEqual(route);
});

test('an unknown URL is the exam list', () => {
  for (const hash of ['', '#', '#/x', '#/exam/', '#/exam/1', '#/session/<b>'])
    expect(parseRoute(hash)).toEqual({ page: 'exams' });
});
