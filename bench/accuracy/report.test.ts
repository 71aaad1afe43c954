import { expect, it } from 'vitest';
import { error, perThousand, share } from './measure.ts';
import { figuresOf, sideBySide } from './report.ts';

const results = [
  {
    pair: 'own+own',
    sections: [{ title: 'faces', measures: [share('found', [true, true, false, true]), error('yaw', [])] }],
  },
  {
    pair: 'yunet+mesh',
    sections: [
      { title: 'faces', measures: [share('found', [true, true, true, true]), error('yaw', [1, -2])] },
      { title: 'nobody', measures: [perThousand('false faces', [])] },
    ],
  },
];

it('every figure has its model pair, sample size and interval', () => {
  const figures = figuresOf(results);
  expect(figures).toHaveLength(5);
  expect(figures[0]).toEqual({
    name: 'own+own: faces: found',
    value: 75,
    unit: '%',
    pair: 'own+own',
    section: 'faces',
    n: 4,
    interval: [30.06, 95.44],
  });
  expect(figures[1]).toMatchObject({ name: 'own+own: faces: yaw', value: null, n: 0, interval: null });
});

it('shows model pairs side by side per section, with a dash where there are no samples', () => {
  const lines = sideBySide(results)
    .split('\n')
    .map((line) => line.replaceAll(/ {2,}/g, ' | ').trim());
  expect(lines.filter((line) => !line.startsWith('-'))).toEqual([
    '| unit | own+own | 95 % | n | yunet+mesh | 95 % | n',
    'faces',
    '| found | % | 75 | 30.06 to 95.44 | 4 | 100 | 51.01 to 100 | 4',
    '| yaw | deg | - | 0 | 1.5 | 2',
    'nobody',
    '| false faces | per 1,000 | - | - | 0',
  ]);
});
