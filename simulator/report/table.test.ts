import { expect, test } from 'vitest';
import { figure } from './figure.ts';
import { figureTable, table } from './table.ts';

test('columns are as wide as their widest cell, and numbers are right-aligned', () => {
  expect(
    table(
      ['name', 'count'],
      [
        ['COPY', 5],
        ['TAB_SWITCH', 12],
      ],
    ).split('\n'),
  ).toEqual(['name        count', '----------  -----', 'COPY            5', 'TAB_SWITCH     12']);
});

test('a figure without a value is a dash', () => {
  expect(figureTable([figure('p95', null, 'ms')])).toContain('p95         -  ms');
});

test('figures have four significant digits, and integers are shown in full', () => {
  expect(figure('a', 1.234_567, 'ms').value).toBe(1.235);
  expect(figure('a', 123_456, 'frames').value).toBe(123_456);
  expect(figure('a', Number.POSITIVE_INFINITY, 'frames/s').value).toBeNull();
  expect(figure('a', undefined, 'ms').value).toBeNull();
});
