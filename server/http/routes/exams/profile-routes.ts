import type { z } from 'zod';
import {
  type CurrentProfile,
  findProfileVersion,
  listProfiles,
  listProfileVersions,
  type NamedProfileVersion,
  type ProfileContent,
  type ProfileKind,
} from '../../../../db/profiles.ts';
import { differences } from '../../../../protocol/differences.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import {
  AccommodationProfile,
  AccommodationProfileBody,
  AccommodationProfileChange,
  AccommodationProfilePage,
  AccommodationProfileVersionPage,
  DifferencesQuery,
  PolicyProfile,
  PolicyProfileBody,
  PolicyProfileChange,
  PolicyProfilePage,
  PolicyProfileVersionPage,
  ProfileDifferences,
  ProfileQuery,
  ProfileVersionQuery,
} from '../../../../protocol/http/profiles.ts';
import { policySettings, PolicySettings } from '../../../../protocol/policy-settings.ts';
import { managedProfile } from '../../../access/profile-access.ts';
import { organisationFor } from '../../../access/user-access.ts';
import { changeProfile, createProfile, type ProfileParts, removeProfile } from '../../../exams/profiles.ts';
import { pageBy, pageOf } from '../../lists/page.ts';
import { managerRoute, POLICY_LIMIT, type Route, staffRoute } from '../../pipeline/route.ts';

/** A kind of profiles with its words, and the field of its content in bodies and answers. */
interface Kind<K extends ProfileKind> {
  readonly kind: K;
  readonly path: string;
  readonly tag: 'Exams' | 'Enrolment';
  readonly name: string;
  readonly a: 'a' | 'an';
  readonly field: string;
  readonly used: string;
  readonly Body: z.ZodType<{ name: string; organisationId?: string | undefined }>;
  readonly Change: z.ZodType<{
    name?: string | undefined;
    archived?: boolean | undefined;
    baseVersion?: number | undefined;
  }>;
  readonly Profile: z.ZodType;
  readonly ProfilePage: z.ZodType;
  readonly VersionPage: z.ZodType;
}

const POLICY: Kind<'policy'> = {
  kind: 'policy',
  path: '/api/policy-profiles',
  tag: 'Exams',
  name: 'policy profile',
  a: 'a',
  field: 'policy',
  used: 'Exams keep the copy that they took.',
  Body: PolicyProfileBody,
  Change: PolicyProfileChange,
  Profile: PolicyProfile,
  ProfilePage: PolicyProfilePage,
  VersionPage: PolicyProfileVersionPage,
};

const ACCOMMODATION: Kind<'accommodation'> = {
  kind: 'accommodation',
  path: '/api/accommodation-profiles',
  tag: 'Enrolment',
  name: 'accommodation profile',
  a: 'an',
  field: 'terms',
  used: 'Sessions that start later have the new version; running ones keep theirs.',
  Body: AccommodationProfileBody,
  Change: AccommodationProfileChange,
  Profile: AccommodationProfile,
  ProfilePage: AccommodationProfilePage,
  VersionPage: AccommodationProfileVersionPage,
};

/** Policy profiles and accommodation profiles, with their versions. */
export const profileRoutes = (parts: ProfileParts): Route[] => [
  ...routesOf(parts, POLICY),
  ...routesOf(parts, ACCOMMODATION),
  staffRoute({
    method: 'GET',
    path: '/api/policy-settings',
    tag: 'Exams',
    summary: 'Describes every setting of a policy',
    description: 'Default, range and effect in plain words, for forms.',
    answer: PolicySettings,
    handle: () => Promise.resolve({ items: policySettings() }),
  }),
];

function routesOf<K extends ProfileKind>(parts: ProfileParts, what: Kind<K>): Route[] {
  const { db } = parts;
  const { kind, path, tag, name, a, field, used, Body, Change, Profile, ProfilePage, VersionPage } = what;
  const contentOf = (body: unknown) => (body as Record<string, unknown>)[field] as ProfileContent[K];
  const view = (row: CurrentProfile<K>) => ({
    id: row.id,
    organisationId: row.organisation_id,
    name: row.name,
    version: row.version,
    archived: row.archived_at !== null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    [field]: row.content,
  });
  const versionView = (row: NamedProfileVersion<K>) => ({
    version: row.version,
    createdBy: row.created_by,
    createdByName: row.author,
    createdAt: row.created_at.toISOString(),
    [field]: row.content,
  });
  const versionOf = async (profile: CurrentProfile<K>, version: number) => {
    const content = await findProfileVersion<K>(db, profile, version);
    if (content === undefined) throw new ProtocolError('not_found', 'profile version not found', { ref: version });
    return content;
  };
  return [
    managerRoute({
      method: 'GET',
      path,
      tag,
      summary: `Lists ${name}s`,
      description: 'Newest first. Managers see those of their organisation.',
      answer: ProfilePage,
      query: ProfileQuery,
      handle: async ({ query: { cursor, limit, organisation: asked, archived }, who }) => {
        const organisation = who.role === 'admin' ? asked : await organisationFor(db, who, asked);
        const rows = await listProfiles(db, kind, {
          organisation,
          archived: archived === undefined ? undefined : archived === 'true',
          cursor,
          limit,
        });
        return pageOf(rows, limit, view);
      },
    }),
    managerRoute({
      method: 'POST',
      path,
      tag,
      summary: `Creates ${a} ${name}`,
      answer: Profile,
      status: 201,
      problems: ['not_found', 'profile_name_taken'],
      body: Body,
      bodyLimit: POLICY_LIMIT,
      handle: async ({ body, who }) => {
        const organisationId = await organisationFor(db, who, body.organisationId);
        return view(
          await createProfile(parts, who, kind, { name: body.name, organisationId, content: contentOf(body) }),
        );
      },
    }),
    managerRoute({
      method: 'GET',
      path: `${path}/:id`,
      tag,
      summary: `Returns ${a} ${name}`,
      answer: Profile,
      params: PathId,
      handle: async ({ params, who }) => view(await managedProfile(db, kind, params.id, who)),
    }),
    managerRoute({
      method: 'PATCH',
      path: `${path}/:id`,
      tag,
      summary: `Changes, renames, archives or restores ${a} ${name}`,
      description: `Omitted fields stay. Changed content becomes the next version. ${used}`,
      answer: Profile,
      problems: ['profile_name_taken', 'profile_archived', 'profile_changed'],
      params: PathId,
      body: Change,
      bodyLimit: POLICY_LIMIT,
      handle: async ({ params, body, who }) => {
        const { id } = await managedProfile(db, kind, params.id, who);
        return view(await changeProfile(parts, who, kind, id, { ...body, content: contentOf(body) }));
      },
    }),
    managerRoute({
      method: 'DELETE',
      path: `${path}/:id`,
      tag,
      summary: `Deletes ${a} ${name} that is not in use`,
      description: 'One that an exam or an enrolment has can be archived. Sessions keep their copies.',
      problems: ['profile_in_use'],
      params: PathId,
      handle: async ({ params, who }) => {
        const { id } = await managedProfile(db, kind, params.id, who);
        await removeProfile(parts, who, kind, id);
      },
    }),
    managerRoute({
      method: 'GET',
      path: `${path}/:id/versions`,
      tag,
      summary: `Lists versions of ${a} ${name}`,
      description: 'Newest first.',
      answer: VersionPage,
      params: PathId,
      query: ProfileVersionQuery,
      handle: async ({ params, query: { cursor, limit }, who }) => {
        const profile = await managedProfile(db, kind, params.id, who);
        const rows = await listProfileVersions<K>(db, profile, { before: cursor, limit });
        return pageBy(rows, limit, versionView, ({ version }) => String(version));
      },
    }),
    managerRoute({
      method: 'GET',
      path: `${path}/:id/differences`,
      tag,
      summary: `Lists differences between two versions of ${a} ${name}`,
      answer: ProfileDifferences,
      params: PathId,
      query: DifferencesQuery,
      handle: async ({ params, query, who }) => {
        const profile = await managedProfile(db, kind, params.id, who);
        const { from, to = profile.version } = query;
        const found = differences(await versionOf(profile, from), await versionOf(profile, to));
        // Every setting of a profile is one value.
        return { from, to, items: found as z.infer<typeof ProfileDifferences>['items'] };
      },
    }),
  ];
}
