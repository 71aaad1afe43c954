import { describe, expect, it } from 'vitest';
import type { Box } from '../../models/jobs.ts';
import { face } from '../../simulator/fixtures/detections.ts';
import { labelled } from './fixtures/pack.ts';
import { iou, largest } from '../../models/boxes.ts';
import { assign, falseFaces } from './match.ts';

it('iou is the shared area over the whole one', () => {
  expect(iou([0, 0, 10, 10], [0, 0, 10, 10])).toBe(1);
  expect(iou([0, 0, 10, 10], [5, 0, 10, 10])).toBeCloseTo(50 / 150);
  expect(iou([0, 0, 10, 10], [10, 0, 10, 10])).toBe(0);
});

describe('assign', () => {
  const a: Box = [0, 0, 100, 100];
  const b: Box = [300, 0, 100, 100];

  it('gives each labelled face the found one that overlaps it best', () => {
    expect(
      assign(
        [a, b],
        [
          [310, 0, 100, 100],
          [0, 5, 100, 100],
          [0, 30, 100, 100],
        ],
      ),
    ).toEqual([1, 0]);
  });

  it('gives a found face away once', () => {
    expect(assign([a, [10, 0, 100, 100]], [[8, 0, 100, 100]])).toEqual([undefined, 0]);
  });

  it('does not take too small an overlap', () => {
    expect(assign([a], [[60, 0, 100, 100]])).toEqual([undefined]);
    expect(assign([a], [])).toEqual([undefined]);
  });
});

describe('falseFaces', () => {
  const region = labelled([0, 0, 200, 200], { ignore: true });

  it('is what no label explains', () => {
    expect(
      falseFaces(
        [
          [205, 145, 160, 200],
          [500, 0, 50, 50],
        ],
        [labelled()],
      ),
    ).toEqual([[500, 0, 50, 50]]);
  });

  it('leaves out what lies inside a region to ignore, however small', () => {
    expect(falseFaces([[20, 20, 40, 40]], [region])).toEqual([]);
    expect(falseFaces([[190, 190, 40, 40]], [region])).toEqual([[190, 190, 40, 40]]);
  });

  it('counts a second box inside a labelled face', () => {
    expect(falseFaces([[210, 150, 40, 40]], [labelled()])).toHaveLength(1);
  });
});

it('the largest face is the one with the largest box', () => {
  const [small, large] = [face(100), face(200)];
  expect(largest([small, large])).toBe(large);
  expect(largest([])).toBeUndefined();
});
