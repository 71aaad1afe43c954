import { describe, expect, test } from 'vitest';
import { EXAM_STATUSES } from '../../protocol/http/exams.ts';
import { checkTransition } from './status.ts';

const ALLOWED = [
  'draft -> scheduled',
  'draft -> active',
  'draft -> archived',
  'scheduled -> draft',
  'scheduled -> active',
  'scheduled -> archived',
  'active -> completed',
  'completed -> active',
  'completed -> archived',
];

const steps = EXAM_STATUSES.flatMap((from) => EXAM_STATUSES.map((to) => ({ from, to, step: `${from} -> ${to}` })));

describe('the status of an exam', () => {
  test.each(steps.filter(({ step }) => ALLOWED.includes(step)))('$step is allowed', ({ from, to }) => {
    expect(() => checkTransition(from, to)).not.toThrow();
  });

  test.each(steps.filter(({ from, to }) => from === to))('$step is accepted without a change', ({ from, to }) => {
    expect(() => checkTransition(from, to)).not.toThrow();
  });

  test.each(steps.filter(({ from, to, step }) => from !== to && !ALLOWED.includes(step)))(
    '$step is refused',
    ({ from, to }) => {
      expect(() => checkTransition(from, to)).toThrow(expect.objectContaining({ code: 'bad_transition', ref: from }));
    },
  );

  test('a refusal lists the allowed transitions', () => {
    expect(() => checkTransition('scheduled', 'completed')).toThrow(
      'status scheduled can change to draft, active or archived, not completed',
    );
    expect(() => checkTransition('archived', 'active')).toThrow(
      'status archived can change to no other status, not active',
    );
  });
});
