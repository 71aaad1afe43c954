import { listConversation } from '../../../../db/conversation.ts';
import { appendAudit } from '../../../../db/audit/append.ts';
import type { Db } from '../../../../db/executor.ts';
import { saveMessageTemplates } from '../../../../db/message-templates.ts';
import { findUsers } from '../../../../db/users.ts';
import {
  Conversation,
  ConversationQuery,
  LoweredHand,
  MessageTemplates,
  MessageTemplatesBody,
  ReadAnswer,
  ReadBody,
} from '../../../../protocol/http/conversation.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { conversationOf } from '../../../../protocol/policy.ts';
import { managedExam, seenExam } from '../../../access/exam-access.ts';
import { noExam } from '../../../access/refused.ts';
import { readableSession, staffSession } from '../../../access/session-access.ts';
import type { Clock } from '../../../clock.ts';
import { conversationItem, staffOf } from '../../../session/record/conversation-view.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { pageBy } from '../../lists/page.ts';
import { managerRoute, staffRoute, type Route, userRoute } from '../../pipeline/route.ts';

export interface ConversationRouteParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly sessions: LiveSessions;
}

/** 30 templates. */
const TEMPLATES_BYTES = 64 * 1024;

/** Conversation of a student and the staff of the exam. Staff write by the command `message`, students by signals. */
export const conversationRoutes = ({ db, clock, sessions }: ConversationRouteParts): Route[] => [
  userRoute({
    method: 'GET',
    path: '/api/sessions/:id/conversation',
    tag: 'Sessions',
    summary: 'Lists the conversation of a student and the staff',
    description:
      'Messages of both sides with their marks, and raised and lowered hands, oldest first. For the student of the session, who learns names of staff only where the policy shows them, and for staff who see the session.',
    answer: Conversation,
    params: PathId,
    query: ConversationQuery,
    handle: async ({ params, query: { cursor, limit }, who }) => {
      const session = await readableSession(db, params.id, who);
      const rows = await listConversation(db, { session: session.id, afterSeq: cursor ?? 0, limit });
      const isNamed = session.student_id !== who.userId || conversationOf(session.policy).staffNames;
      const people = isNamed ? await findUsers(db, [...new Set(rows.flatMap(staffOf))]) : [];
      const names = new Map(people.map(({ id, name }) => [id, name]));
      return pageBy(
        rows,
        limit,
        (row) => conversationItem(row, names),
        ({ seq }) => String(seq),
      );
    },
  }),
  staffRoute({
    method: 'PUT',
    path: '/api/sessions/:id/conversation/read',
    tag: 'Sessions',
    summary: 'Marks messages of the student as read',
    description:
      'For all staff of the exam: a message that one person has read is read. The mark names the person and the time.',
    answer: ReadAnswer,
    problems: ['session_over', 'session_not_live'],
    params: PathId,
    body: ReadBody,
    handle: async ({ params, body, who }) => {
      await staffSession(db, params.id, who, 'command');
      return { unread: await sessions.ask(params.id, 'read', { upTo: body.upTo, by: who.userId }) };
    },
  }),
  staffRoute({
    method: 'POST',
    path: '/api/sessions/:id/hand/lower',
    tag: 'Sessions',
    summary: "Lowers the student's hand",
    description: 'Nothing happens if it is not raised.',
    answer: LoweredHand,
    problems: ['session_over', 'session_not_live'],
    params: PathId,
    handle: async ({ params, who }) => {
      await staffSession(db, params.id, who, 'command');
      return { handRaised: await sessions.ask(params.id, 'lowerHand', { by: who.userId }) };
    },
  }),
  staffRoute({
    method: 'GET',
    path: '/api/exams/:id/message-templates',
    tag: 'Exams',
    summary: 'Lists the templates of messages to students',
    answer: MessageTemplates,
    params: PathId,
    handle: async ({ params, who }) => ({ items: (await seenExam(db, params.id, who)).message_templates }),
  }),
  managerRoute({
    method: 'PUT',
    path: '/api/exams/:id/message-templates',
    tag: 'Exams',
    summary: 'Replaces the templates of messages to students',
    description: 'At most 30, by managers. Null: the standard ones of the console.',
    answer: MessageTemplates,
    problems: ['not_found'],
    params: PathId,
    body: MessageTemplatesBody,
    bodyLimit: TEMPLATES_BYTES,
    handle: ({ params, body, who }) =>
      db.transaction().execute(async (tx) => {
        const exam = await managedExam(tx, params.id, who);
        if (!(await saveMessageTemplates(tx, exam.id, body.items))) throw noExam();
        await appendAudit(tx, {
          type: 'EXAM_CHANGED',
          entityId: exam.id,
          actor: who.userId,
          at: new Date(clock()),
          payload: { policyVersion: exam.policy_version, messageTemplates: body.items?.length ?? null },
        });
        return { items: body.items };
      }),
  }),
];
