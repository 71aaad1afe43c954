import type { Severity } from '../../../../../protocol/event-types.ts';
import { number } from '../../numbers.ts';

/** Irregularities that staff can flag in an exam. */
export const flags = {
  title: 'Flags of proctors',
  means:
    'What proctors can flag in this exam. The weight counts in the score after review and in attention; severity follows from it: from 4 high, from 2 medium. Flags that were given keep their weight.',
  severities: { info: 'no weight', low: 'low', medium: 'medium', high: 'high' } satisfies Record<Severity, string>,
  weighs: (weight: number, severity: string) => `${number(weight)}, ${severity}`,
  edit: 'Edit flags',
  defaults: 'Back to the defaults',
  add: 'Add a flag',
  save: 'Save flags',
  label: 'As proctors read it',
  code: 'Code',
  codeHint: 'Capital letters, digits and _, beginning with a letter',
  weight: 'Weight',
  remove: 'Remove',
  removeNamed: (label: string) => `Remove: ${label}`,
};
