import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { serviceRoutes } from '../http/routes/service/service-routes.ts';
import { routeTable } from '../http/route-table.ts';
import { Metrics } from '../metrics.ts';
import { basePathOf, OWN_SEGMENTS } from './base-path.ts';

describe('BASE_PATH', () => {
  test.each([
    ['', ''],
    ['/', ''],
    ['/invigil', '/invigil'],
    ['/tools/Invigil_2-b', '/tools/Invigil_2-b'],
  ])('%j is read as %j', (text, path) => expect(basePathOf(text)).toBe(path));

  test.each([
    'invigil',
    '/invigil/',
    '//invigil',
    '/a//b',
    '/a/../b',
    '/./a',
    '/a.b',
    '/a b',
    '/%61',
    '/a?b',
    '/a#b',
    '/ä',
    'https://example.org/invigil',
    `/${'a'.repeat(100)}`,
  ])('%j is refused, and the error shows a valid one', (text) =>
    expect(() => basePathOf(text)).toThrow(/^BASE_PATH: .*such as \/invigil/),
  );

  test.each(['/exam', '/api/v1', '/WS', '/exams'])("%s, a path of the server's own, is refused", (text) =>
    expect(() => basePathOf(text)).toThrow(/a path of the server itself/),
  );

  test("every route's first segment is known to be the server's own", () => {
    const parts = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : () => parts) }) as never;
    const paths = [...routeTable(parts), ...serviceRoutes({ metrics: new Metrics() } as never)].map(({ path }) => path);
    const segments = paths.map((path) => path.split('/')[1]!).filter((segment) => /^[\w-]+$/.test(segment));
    expect(segments.filter((segment) => !OWN_SEGMENTS.has(segment))).toEqual([]);
  });

  test('a PUBLIC_URL with a path is refused, and the error names both settings as they should be', () => {
    expect(() => readConfig({ PUBLIC_URL: 'https://uni.example.org/invigil/' })).toThrow(
      'PUBLIC_URL: https://uni.example.org/invigil/ has a path: use https://uni.example.org, and BASE_PATH=/invigil',
    );
  });
});
