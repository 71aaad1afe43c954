import { expect } from 'vitest';
import { listConversation } from '../../../../db/conversation.ts';
import { findExam } from '../../../../db/exams.ts';
import type { Case } from '../case.ts';
import type { World } from '../world.ts';

/** A session whose student has written and raised a hand. */
async function spoken(world: World): Promise<string> {
  const { id } = await world.session();
  const say = (type: string, data?: object) =>
    world.owner.post<{ seq: number }>('/api/proctoring/event', { sessionId: id, type, ...(data && { data }) });
  await say('STUDENT_MESSAGE', { text: 'My mouse is broken.' });
  await say('HAND_RAISED');
  return id;
}

export const conversation: Case[] = [
  {
    operation: 'GET /api/sessions/{id}/conversation',
    does: 'lists messages and hands of both sides',
    as: 'owner',
    belongs: 'to the owner and staff',
    call: async (world) => ({ path: `/api/sessions/${await spoken(world)}/conversation` }),
    status: 200,
    answers: () => ({
      items: [
        { kind: 'message', from: 'student', staff: null, text: 'My mouse is broken.', readAt: null },
        { kind: 'hand_raised', from: 'student', text: null },
      ],
      nextCursor: null,
    }),
  },
  {
    operation: 'PUT /api/sessions/{id}/conversation/read',
    does: 'marks messages of the student as read, by name',
    as: 'proctor',
    call: async (world) => {
      const session = await spoken(world);
      return { path: `/api/sessions/${session}/conversation/read`, json: { upTo: 1 }, ids: { session } };
    },
    status: 200,
    answers: () => ({ unread: 0 }),
    stored: async (db, { world, call }) =>
      expect(await listConversation(db, { session: call.ids!['session']!, afterSeq: 0, limit: 1 })).toMatchObject([
        { details: { readAt: expect.any(String), readBy: world.proctor.userId } },
      ]),
  },
  {
    operation: 'POST /api/sessions/{id}/hand/lower',
    does: "lowers the student's hand, by name",
    as: 'proctor',
    call: async (world) => {
      const session = await spoken(world);
      return { path: `/api/sessions/${session}/hand/lower`, ids: { session } };
    },
    status: 200,
    answers: () => ({ handRaised: false }),
    stored: async (db, { world, call }) =>
      expect(await listConversation(db, { session: call.ids!['session']!, afterSeq: 2, limit: 1 })).toMatchObject([
        { type: 'HAND_LOWERED', source: 'proctor', details: { by: world.proctor.userId } },
      ]),
  },
  {
    operation: 'GET /api/exams/{id}/message-templates',
    does: 'has none before they are written',
    as: 'proctor',
    call: async (world) => ({ path: `/api/exams/${(await world.admin.createExam()).id}/message-templates` }),
    status: 200,
    answers: () => ({ items: null }),
  },
  {
    operation: 'PUT /api/exams/{id}/message-templates',
    does: 'replaces them',
    as: 'admin',
    call: async (world) => {
      const exam = (await world.admin.createExam()).id;
      return { path: `/api/exams/${exam}/message-templates`, json: { items: ['Ten minutes left.'] }, ids: { exam } };
    },
    status: 200,
    answers: () => ({ items: ['Ten minutes left.'] }),
    stored: async (db, { call }) =>
      expect(await findExam(db, call.ids!['exam']!)).toMatchObject({ message_templates: ['Ten minutes left.'] }),
  },
];
