import { z } from 'zod';
import { AccommodationTerms } from '../accommodations.ts';
import { Id, Timestamp } from '../events.ts';
import { Policy } from '../policy.ts';
import { page, PageQuery } from './lists.ts';
import { OrganisationId } from './organisations.ts';
import { text } from './text.ts';

/** Profiles of an organisation: named policies of exams, and named accommodations of students, each with versions. */

const ProfileName = text(120).describe(
  'Unique among the profiles of its kind in the organisation, regardless of case.',
);
/** Value of a setting; null: absent. */
const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const VersionNumber = z.coerce.number().int().min(1).max(2_147_483_647);

const PROFILE = {
  id: Id,
  organisationId: Id,
  name: z.string(),
  version: z.int().min(1).describe('Current version.'),
  archived: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
};
const VERSION = {
  version: z.int().min(1),
  createdBy: Id,
  createdByName: z.string().nullable().describe('Null: the account has no name.'),
  createdAt: Timestamp,
};
/** Guards a change against one that somebody else made meanwhile. */
const BaseVersion = z
  .int()
  .min(1)
  .optional()
  .describe('Version that was edited: a change of another one is refused with `profile_changed`.');

/** Policy and terms under their names in the OpenAPI document. */
const PolicyAnswer = Policy.meta({ id: 'Policy' });

export const PolicyProfileBody = z.object({
  name: ProfileName,
  organisationId: OrganisationId.optional(),
  policy: Policy.prefault({}),
});
/** Omitted fields stay as they are; a changed policy becomes the next version. */
export const PolicyProfileChange = z.object({
  name: ProfileName.optional(),
  archived: z.boolean().optional(),
  baseVersion: BaseVersion,
  policy: Policy.optional(),
});
export const PolicyProfile = z.object({ ...PROFILE, policy: PolicyAnswer }).meta({ id: 'PolicyProfile' });
export type PolicyProfile = z.infer<typeof PolicyProfile>;
export const PolicyProfileVersion = z.object({ ...VERSION, policy: PolicyAnswer }).meta({ id: 'PolicyProfileVersion' });
export type PolicyProfileVersion = z.infer<typeof PolicyProfileVersion>;

export const AccommodationProfileBody = z.object({
  name: ProfileName,
  organisationId: OrganisationId.optional(),
  terms: AccommodationTerms,
});
/** Omitted fields stay as they are; changed terms become the next version. */
export const AccommodationProfileChange = z.object({
  name: ProfileName.optional(),
  archived: z.boolean().optional(),
  baseVersion: BaseVersion,
  terms: AccommodationTerms.optional(),
});
export const AccommodationProfile = z
  .object({ ...PROFILE, terms: AccommodationTerms })
  .meta({ id: 'AccommodationProfile' });
export type AccommodationProfile = z.infer<typeof AccommodationProfile>;
export const AccommodationProfileVersion = z
  .object({ ...VERSION, terms: AccommodationTerms })
  .meta({ id: 'AccommodationProfileVersion' });
export type AccommodationProfileVersion = z.infer<typeof AccommodationProfileVersion>;

export const PolicyProfilePage = page(PolicyProfile);
export const PolicyProfileVersionPage = page(PolicyProfileVersion);
export const AccommodationProfilePage = page(AccommodationProfile);
export const AccommodationProfileVersionPage = page(AccommodationProfileVersion);

export const ProfileQuery = PageQuery.extend({
  organisation: Id.optional().describe('For admins; default: all organisations.'),
  archived: z.enum(['true', 'false']).optional().describe('Default: both.'),
});
export const ProfileVersionQuery = PageQuery.extend({ cursor: VersionNumber.optional() });
export const DifferencesQuery = z.object({
  from: VersionNumber,
  to: VersionNumber.optional().describe('Default: the current version.'),
});

/** Settings that differ between two versions. */
export const ProfileDifferences = z
  .object({
    from: z.int(),
    to: z.int(),
    items: z.array(
      z.object({
        path: z.string().describe('Names of the fields, separated by dots: `holds.noFace`.'),
        from: Value,
        to: Value,
      }),
    ),
  })
  .meta({ id: 'ProfileDifferences' });
export type ProfileDifferences = z.infer<typeof ProfileDifferences>;

/** Policy profile whose copy an exam has. */
export const ExamPolicyProfile = z
  .object({
    id: Id,
    name: z.string(),
    version: z.int().min(1).describe('Version that the exam has.'),
    currentVersion: z.int().min(1).describe('Current version of the profile; a higher one changes no exam by itself.'),
  })
  .meta({ id: 'ExamPolicyProfile' });

/** Accommodation profile of an enrolment. */
export const EnrolmentProfile = z
  .object({
    id: Id,
    name: z.string(),
    version: z.int().min(1).describe('Current version, which applies to sessions that start now.'),
  })
  .meta({ id: 'EnrolmentProfile' });
