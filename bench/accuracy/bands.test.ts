import { expect, it } from 'vitest';
import { bands, within } from './bands.ts';

it('bands adjoin without gaps, an edge belongs to the upper band, the outer bands are open', () => {
  const list = bands([12, 20], 'px');
  expect(list.map(({ name }) => name)).toEqual(['under 12 px', '12 to 20 px', '20 px and more']);
  const bandOf = (value: number) => list.findIndex((band) => within(band, value));
  expect([-5, 11.9, 12, 19.9, 20, 1e9].map(bandOf)).toEqual([0, 0, 1, 1, 2, 2]);
});
