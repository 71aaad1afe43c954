import { expect } from 'vitest';
import { findEnrolment } from '../../../../db/enrolments.ts';
import type { Case } from '../case.ts';

export const enrolment: Case[] = [
  {
    operation: 'PUT /api/exams/{id}/students/{userId}',
    does: 'enrols a student with accommodations',
    as: 'admin',
    call: async (world) => ({
      path: `/api/exams/${(await world.exam()).id}/students/${world.owner.userId}`,
      json: { extraMinutes: 15, detection: { gaze: false, holds: { lookingAway: 8 } }, room: 'Room 12' },
    }),
    status: 201,
    answers: ({ world }) => ({
      studentId: world.owner.userId,
      extraMinutes: 15,
      detection: { gaze: false, holds: { lookingAway: 8 } },
      room: 'Room 12',
    }),
    stored: async (db, { body }) =>
      expect(await findEnrolment(db, body.examId, body.studentId)).toMatchObject({
        extra_minutes: 15,
        room: 'Room 12',
      }),
  },
  {
    operation: 'PUT /api/exams/{id}/students/{userId}',
    does: 'replaces the accommodations of one who is enrolled',
    as: 'admin',
    call: async (world) => ({ path: (await world.enrolment()).path, json: { extraMinutes: 5 } }),
    status: 200,
    answers: () => ({ extraMinutes: 5, detection: {} }),
  },
  {
    operation: 'GET /api/exams/{id}/students',
    does: 'lists who is enrolled',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${(await world.enrolment()).exam.id}/students` }),
    status: 200,
    answers: ({ world }) => ({ items: [{ studentId: world.owner.userId, extraMinutes: 10 }], nextCursor: null }),
  },
  {
    operation: 'GET /api/exams/{id}/attendance',
    does: 'counts expected, running, finished and missing students by room',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${(await world.enrolment()).exam.id}/attendance` }),
    status: 200,
    answers: () => ({
      total: { expected: 1, running: 0, finished: 0, missing: 1, unexpected: 0 },
      rooms: [{ room: null, expected: 1 }],
      sessions: 0,
    }),
  },
  {
    operation: 'GET /api/exams/{id}/attendance/students',
    does: 'lists missing students',
    as: 'proctor',
    call: async (world) => ({
      path: `/api/exams/${(await world.enrolment()).exam.id}/attendance/students?state=missing`,
    }),
    status: 200,
    answers: ({ world }) => ({
      items: [{ studentId: world.owner.userId, enrolled: true, state: 'missing', session: null }],
      nextCursor: null,
    }),
  },
  {
    operation: 'GET /api/exams/{id}/attendance/csv',
    does: 'exports attendance with missing students as CSV',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${(await world.enrolment()).exam.id}/attendance/csv?bom=false` }),
    status: 200,
    effect: async ({ body }) => {
      expect(String(body).split('\r\n')).toHaveLength(3);
      expect(body).toMatch(/^Student,Email,Student number,Room,Seat,State,/);
      expect(body).toContain(',Missing,');
    },
  },
  {
    operation: 'GET /api/exams/{id}/attendance/xlsx',
    does: 'exports attendance as a zip of XML',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${(await world.enrolment()).exam.id}/attendance/xlsx` }),
    status: 200,
    effect: async ({ body }) => expect(String(body).slice(0, 2)).toBe('PK'),
  },
  {
    operation: 'GET /api/exams/{id}/students/{userId}',
    does: 'shows an enrolment',
    as: 'admin',
    call: async (world) => ({ path: (await world.enrolment()).path }),
    status: 200,
    answers: ({ world }) => ({ studentId: world.owner.userId, studentName: 'Owner', extraMinutes: 10 }),
  },
  {
    operation: 'DELETE /api/exams/{id}/students/{userId}',
    does: 'ends an enrolment',
    as: 'admin',
    call: async (world) => {
      const { exam, path } = await world.enrolment();
      return { path, ids: { exam: exam.id } };
    },
    status: 204,
    effect: async ({ world, call }) => expect(await world.admin.send('GET', call.path)).toMatchObject({ status: 404 }),
    stored: async (db, { world, call }) =>
      expect(await findEnrolment(db, call.ids!['exam']!, world.owner.userId)).toBeUndefined(),
  },
];
