import { area, intersection } from './boxes.ts';
import type { Box, Face } from './jobs.ts';

export interface Suppression {
  /**
   * Of two faces whose boxes overlap by more than this (intersection over union), the lower-scoring one is suppressed.
   */
  readonly iou: number;
  /** A face with more than this share of its area inside a better one is suppressed. 1: rule off. */
  readonly contained: number;
}

/** Greedy non-maximum suppression. Best score first. */
export function suppress(candidates: readonly Face[], { iou, contained }: Suppression): Face[] {
  const kept: Face[] = [];
  for (const face of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((better) => !covers(better.box, face.box, iou, contained))) kept.push(face);
  }
  return kept;
}

function covers(better: Box, box: Box, iou: number, contained: number): boolean {
  const shared = intersection(better, box);
  if (shared === 0) return false;
  const own = area(box);
  return shared / (own + area(better) - shared) > iou || shared > contained * own;
}
