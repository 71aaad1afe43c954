import { describe, expect, it } from 'vitest';
import type { Box } from '../../models/jobs.ts';
import { face } from '../../simulator/fixtures/detections.ts';
import { labelled } from './fixtures/pack.ts';
import { iou, largest } from '../../models/boxes.ts';
import { assign, falseFaces } from './match.ts';

it('iou is the intersection over the union', () => {
  expect(iou([0, 0, 10, 10], [0, 0, 10, 10])).toBe(1);
  expect(iou([0, 0, 10, 10], [5, 0, 10, 10])).toBeCloseTo(50 / 150);
  expect(iou([0, 0, 10, 10], [10, 0, 10, 10])).toBe(0);
});

describe('assign', () => {
  const a: Box = [0, 0, 100, 100];
  const b: Box = [300, 0, 100, 100];

  it('matches each labelled face to the detection with the largest overlap', () => {
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

  it('matches a detection at most once', () => {
    expect(assign([a, [10, 0, 100, 100]], [[8, 0, 100, 100]])).toEqual([undefined, 0]);
  });

  it('rejects an overlap below the minimum', () => {
    expect(assign([a], [[60, 0, 100, 100]])).toEqual([undefined]);
    expect(assign([a], [])).toEqual([undefined]);
  });
});

describe('falseFaces', () => {
  const region = labelled([0, 0, 200, 200], { ignore: true });

  it('a detection that matches no label is false', () => {
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

  it('detections inside an ignored region are not counted, however small', () => {
    expect(falseFaces([[20, 20, 40, 40]], [region])).toEqual([]);
    expect(falseFaces([[190, 190, 40, 40]], [region])).toEqual([[190, 190, 40, 40]]);
  });

  it('a second box inside a labelled face is false', () => {
    expect(falseFaces([[210, 150, 40, 40]], [labelled()])).toHaveLength(1);
  });
});

it('the largest face is the one with the largest box', () => {
  const [small, large] = [face(100), face(200)];
  expect(largest([small, large])).toBe(large);
  expect(largest([])).toBeUndefined();
});
