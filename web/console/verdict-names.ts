import type { Verdict } from '../../protocol/http/reviews.ts';

export const VERDICT_NAMES: Readonly<Record<Verdict['verdict'], string>> = {
  no_concern: 'No concern',
  concern: 'Concern',
  violation: 'Violation',
};
