import type { Exam } from '../../../protocol/http/exams.ts';
import type { PolicyProfile } from '../../../protocol/http/profiles.ts';

/** Policy of an exam: as it is (of a new one: the defaults), or the current version of the profile with this id. */
export type PolicyChoice = 'keep' | (string & {});

/** Pure: fields of a change. Without any, an exam keeps its policy and the version of its profile. */
export const policyChange = (choice: PolicyChoice) => (choice === 'keep' ? {} : { policyProfileId: choice });

/**
 * Pure: fields of a new exam.
 * @param like exam that is cloned: its profile comes along in the version in force, if the profile can still be chosen
 */
export function policyOfNew(choice: PolicyChoice, like: Exam | undefined, profiles: readonly PolicyProfile[]) {
  if (choice !== 'keep') return { policyProfileId: choice };
  if (!like) return {};
  const { policy, policyProfile } = like;
  return policyProfile && profiles.some(({ id }) => id === policyProfile.id)
    ? { policyProfileId: policyProfile.id, policyProfileVersion: policyProfile.version }
    : { policy };
}
