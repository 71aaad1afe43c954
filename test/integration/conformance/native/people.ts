import { expect } from 'vitest';
import { findUser, findUserByEmail } from '../../../../db/users.ts';
import { DEFAULT_ORGANISATION } from '../../../../protocol/http/organisations.ts';
import type { Case } from '../case.ts';

const csv = (text: string) => new TextEncoder().encode(text);

export const people: Case[] = [
  {
    operation: 'PATCH /api/auth/me',
    does: 'changes the own name',
    as: 'proctor',
    call: () => ({ path: '/api/auth/me', json: { name: 'Proctor' } }),
    status: 200,
    refused: 403,
    answers: ({ world }) => ({ id: world.proctor.userId, name: 'Proctor' }),
  },
  {
    operation: 'GET /api/users/{id}',
    does: 'returns an account',
    as: 'admin',
    call: (world) => ({ path: `/api/users/${world.owner.userId}` }),
    status: 200,
    answers: ({ world }) => ({
      id: world.owner.userId,
      name: 'Owner',
      studentNumber: null,
      externalId: null,
      passwordSet: true,
      anonymisedAt: null,
    }),
  },
  {
    operation: 'POST /api/users/{id}/anonymise',
    does: 'replaces name and address, and disables the account',
    as: 'admin',
    call: async (world) => {
      const { user, email } = await world.account();
      return { path: `/api/users/${user.id}/anonymise`, ids: { email } };
    },
    status: 200,
    answers: () => ({ name: expect.stringMatching(/^Anonymous \w{10}$/), anonymisedAt: expect.any(String) }),
    stored: async (db, { body, call }) => {
      const row = await findUser(db, body.id);
      expect(row).toMatchObject({ disabled_at: expect.any(Date), password_hash: '!' });
      expect(JSON.stringify(row)).not.toContain(call.ids!['email']);
    },
  },
  {
    operation: 'POST /api/users/links',
    does: 'creates an invitation for each account',
    as: 'admin',
    call: async (world) => {
      const { user } = await world.account();
      return { path: '/api/users/links', json: { userIds: [user.id], kind: 'invitation' }, ids: { user: user.id } };
    },
    status: 201,
    answers: ({ call }) => ({ items: [{ userId: call.ids!['user'], mail: 'off' }], left: [] }),
    effect: async ({ world, body }) => {
      const token = (body.items[0].path as string).split('#reset=')[1];
      await world.nobody.post('/api/auth/reset', { token, newPassword: 'violet harbour 93' });
    },
  },
  {
    operation: 'GET /api/users/links',
    does: 'lists unused links without their tokens',
    as: 'admin',
    call: async (world) => {
      const { user } = await world.account();
      await world.admin.post('/api/users/links', { userIds: [user.id], kind: 'reset' });
      return { path: '/api/users/links?kind=reset', ids: { user: user.id } };
    },
    status: 200,
    answers: ({ call }) => ({
      items: expect.arrayContaining([
        expect.objectContaining({ userId: call.ids!['user'], kind: 'reset', mail: 'off', mailError: null }),
      ]),
    }),
  },
  {
    operation: 'GET /api/mail',
    does: 'returns whether mail is sent',
    as: 'admin',
    call: () => ({ path: '/api/mail' }),
    status: 200,
    answers: () => ({ enabled: false, from: null, queued: 0, sent: 0, failed: 0, lastFailure: null }),
  },
  {
    operation: 'POST /api/import/preview',
    does: 'says what would be created, and creates nothing',
    as: 'admin',
    call: (world) => {
      const email = world.newEmail();
      return {
        path: '/api/import/preview',
        file: csv(`email,name\n${email},Ada\n`),
        fields: { kind: 'people' },
        ids: { email },
      };
    },
    status: 200,
    answers: () => ({ applied: false, people: { created: 1, changed: 0, unchanged: 0 }, faults: { count: 0 } }),
    stored: async (db, { call }) => expect(await findUserByEmail(db, call.ids!['email']!)).toBeUndefined(),
  },
  {
    operation: 'POST /api/import/notes',
    does: 'returns every fault of a file as CSV, and creates nothing',
    as: 'admin',
    call: () => ({
      path: '/api/import/notes',
      file: csv('email,name\nnobody,Ada\n'),
      fields: { kind: 'people' },
    }),
    status: 200,
    effect: async ({ body }) => {
      expect(body).toBe('row,name,column,note\r\n2,Ada,email,“nobody” is not an email address\r\n');
    },
  },
  {
    operation: 'POST /api/import/apply',
    does: 'creates the people of a file',
    as: 'admin',
    call: (world) => {
      const email = world.newEmail();
      return {
        path: '/api/import/apply',
        file: csv(`email,name\n${email},Ada\n`),
        fields: { kind: 'people' },
        ids: { email },
      };
    },
    status: 200,
    answers: () => ({ applied: true, people: { created: 1, changed: 0, unchanged: 0 }, links: [] }),
    stored: async (db, { call }) =>
      expect(await findUserByEmail(db, call.ids!['email']!)).toMatchObject({ name: 'Ada', role: 'student' }),
  },
  {
    operation: 'GET /api/export/people',
    does: 'exports people as CSV',
    as: 'admin',
    call: () => ({ path: `/api/export/people?bom=false&role=proctor&organisation=${DEFAULT_ORGANISATION}` }),
    status: 200,
    effect: async ({ body, world }) => {
      expect(body).toContain('email,name,role,student number,external id\r\n');
      expect(body).toContain(world.proctor.tokens!.user.email);
    },
  },
  {
    operation: 'GET /api/exams/{id}/students/export',
    does: 'exports the enrolments of an exam as CSV',
    as: 'admin',
    call: async (world) => ({ path: `/api/exams/${(await world.exam()).id}/students/export?bom=false` }),
    status: 200,
    effect: async ({ body }) =>
      expect(body).toBe(
        'email,name,student number,external id,exam id,exam,room,seat,extra minutes,accommodations\r\n',
      ),
  },
];
