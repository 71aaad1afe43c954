import { expect } from 'vitest';
import { findExam } from '../../../../db/exams.ts';
import { findProfile, type ProfileKind } from '../../../../db/profiles.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

interface Content {
  readonly kind: ProfileKind;
  readonly path: string;
  readonly first: object;
  readonly second: object;
  /** The field that differs between them. */
  readonly difference: { readonly path: string; readonly from: unknown; readonly to: unknown };
}

let names = 0;

/** A new profile, with two versions. */
async function make(world: World, { path, first, second }: Content): Promise<{ id: string; name: string }> {
  const profile = await world.admin.post<{ id: string; name: string }>(path, { name: `Profile ${++names}`, ...first });
  await world.admin.request('PATCH', `${path}/${profile.id}`, second);
  return profile;
}

const casesOf = (content: Content): Case[] => {
  const { kind, path, first, second, difference } = content;
  const one = `${path}/{id}`;
  const called = async (world: World, more: string, json?: object) => {
    const { id } = await make(world, content);
    return { path: `${path}/${id}${more}`, ids: { id }, ...(json && { json }) };
  };
  return [
    {
      operation: `POST ${path}`,
      does: 'creates the first version',
      as: 'admin',
      call: () => ({ path, json: { name: ` New profile ${++names} `, ...first } }),
      status: 201,
      answers: ({ call }) => ({
        name: (call.json as { name: string }).name.trim(),
        version: 1,
        archived: false,
        ...first,
      }),
      stored: async (db, { body }) => expect(await findProfile(db, kind, body.id)).toMatchObject({ version: 1 }),
    },
    {
      operation: `POST ${path}`,
      does: 'refuses a name that differs from another in case only',
      as: 'admin',
      call: async (world) => {
        const { id, name } = await make(world, content);
        return { path, json: { name: name.toUpperCase(), ...first }, ids: { id } };
      },
      status: 409,
      answers: ({ call }) => ({ code: 'profile_name_taken', ref: call.ids?.['id'] }),
    },
    {
      operation: `GET ${path}`,
      does: 'lists the current versions, newest first',
      as: 'admin',
      call: async (world) => ({ path: `${path}?limit=1&archived=false`, ids: { id: (await make(world, content)).id } }),
      status: 200,
      answers: ({ call }) => ({ items: [{ id: call.ids?.['id'], version: 2, ...second }] }),
    },
    {
      operation: `GET ${one}`,
      does: 'returns the current version',
      as: 'admin',
      call: (world) => called(world, ''),
      status: 200,
      answers: ({ call }) => ({ id: call.ids?.['id'], version: 2, ...second }),
    },
    {
      operation: `PATCH ${one}`,
      does: 'archives a profile, whose version stays',
      as: 'admin',
      call: (world) => called(world, '', { archived: true }),
      status: 200,
      answers: () => ({ archived: true, version: 2, ...second }),
      stored: async (db, { body }) => expect((await findProfile(db, kind, body.id))?.archived_at).toBeInstanceOf(Date),
    },
    {
      operation: `GET ${one}/versions`,
      does: 'lists every version, newest first',
      as: 'admin',
      call: (world) => called(world, '/versions'),
      status: 200,
      answers: () => ({
        items: [
          { version: 2, ...second },
          { version: 1, ...first },
        ],
        nextCursor: null,
      }),
    },
    {
      operation: `GET ${one}/differences`,
      does: 'lists settings that differ between two versions',
      as: 'admin',
      call: (world) => called(world, '/differences?from=1'),
      status: 200,
      answers: () => ({ from: 1, to: 2, items: [difference] }),
    },
    {
      operation: `DELETE ${one}`,
      does: 'deletes a profile that is not in use',
      as: 'admin',
      call: (world) => called(world, ''),
      status: 204,
      stored: async (db, { call }) => expect(await findProfile(db, kind, call.ids?.['id'] ?? '')).toBeUndefined(),
    },
  ];
};

const POLICIES: Content = {
  kind: 'policy',
  path: '/api/policy-profiles',
  first: { policy: { holds: { lookingAway: 4 } } },
  second: { policy: { holds: { lookingAway: 9 } } },
  difference: { path: 'holds.lookingAway', from: 4, to: 9 },
};

const ACCOMMODATIONS: Content = {
  kind: 'accommodation',
  path: '/api/accommodation-profiles',
  first: { terms: { extraPercent: 25 } },
  second: { terms: { extraPercent: 50, headCovering: false } },
  difference: { path: 'extraPercent', from: 25, to: 50 },
};

export const profiles: Case[] = [
  ...casesOf(POLICIES),
  ...casesOf(ACCOMMODATIONS),
  {
    operation: 'GET /api/policy-settings',
    does: 'describes every setting with default, range and effect',
    as: 'proctor',
    call: () => ({ path: '/api/policy-settings' }),
    status: 200,
    answers: () => ({
      items: expect.arrayContaining([
        expect.objectContaining({ path: 'holds.noFace', type: 'number', default: 3, minimum: 0, maximum: 3600 }),
      ]),
    }),
  },
  {
    operation: 'PUT /api/exams/{id}/policy-profile',
    does: 'takes over the current version of a profile, as the next version of the exam',
    as: 'admin',
    call: async (world) => {
      const exam = await world.exam();
      const { id } = await make(world, POLICIES);
      return { path: `/api/exams/${exam.id}/policy-profile`, json: { policyProfileId: id }, ids: { id } };
    },
    status: 200,
    answers: ({ call }) => ({
      policyVersion: 2,
      ...POLICIES.second,
      policyProfile: { id: call.ids?.['id'], version: 2, currentVersion: 2 },
    }),
    stored: async (db, { body, call }) =>
      expect(await findExam(db, body.id)).toMatchObject({
        policy_version: 2,
        policy_profile_id: call.ids?.['id'],
        policy_profile_version: 2,
      }),
  },
  {
    operation: 'DELETE /api/policy-profiles/{id}',
    does: 'refuses while an exam has the profile, and says so',
    as: 'admin',
    call: async (world) => {
      const { id } = await make(world, POLICIES);
      // The helper gives a policy of its own, which a profile excludes.
      await world.admin.post('/api/exams', { title: 'With a profile', policyProfileId: id });
      return { path: `/api/policy-profiles/${id}`, ids: { id } };
    },
    status: 409,
    answers: () => ({ code: 'profile_in_use' }),
    stored: async (db, { call }) => expect(await findProfile(db, 'policy', call.ids?.['id'] ?? '')).toBeDefined(),
  },
];
