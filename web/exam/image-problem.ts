import type { Analysis } from '../../protocol/down.ts';
import { t } from './messages.ts';

/** Pure: a problem of the last image that the student can solve; undefined if there is none. */
export function imageProblem(analysis: Analysis | undefined): string | undefined {
  if (!analysis) return undefined;
  const { faces, others = faces - 1, tooDark = false } = analysis;
  if (others > 0) return t.anotherPerson;
  return tooDark ? t.tooDark : undefined;
}
