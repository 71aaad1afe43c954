import { expect, test } from 'vitest';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { PolicyProfile } from '../../../protocol/http/profiles.ts';
import { policyChange, policyOfNew } from './policy-choice.ts';

const policy = { retentionDays: 9 };
const profiles = [{ id: 'p' }] as unknown as PolicyProfile[];
const like = (policyProfile: object | null) => ({ policy, policyProfile }) as unknown as Exam;

test('a new exam has the defaults unless a profile is chosen', () => {
  expect(policyOfNew('keep', undefined, profiles)).toEqual({});
  expect(policyOfNew('p', undefined, profiles)).toEqual({ policyProfileId: 'p' });
});

test('a clone keeps the link to its profile in the version in force, and the policy alone of a profile that cannot be chosen', () => {
  expect(policyOfNew('keep', like({ id: 'p', version: 2, currentVersion: 3 }), profiles)).toEqual({
    policyProfileId: 'p',
    policyProfileVersion: 2,
  });
  expect(policyOfNew('keep', like({ id: 'archived', version: 2 }), profiles)).toEqual({ policy });
  expect(policyOfNew('keep', like(null), profiles)).toEqual({ policy });
  expect(policyOfNew('q', like({ id: 'p', version: 2 }), profiles)).toEqual({ policyProfileId: 'q' });
});

test('an edited exam keeps its policy and its version unless a profile is chosen', () => {
  expect(policyChange('keep')).toEqual({});
  expect(policyChange('p')).toEqual({ policyProfileId: 'p' });
});
