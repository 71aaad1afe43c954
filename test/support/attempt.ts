import type { Event } from '../../protocol/events.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from './api.ts';
import { greet, RawSocket } from './raw-socket.ts';
import type { TestServer } from './server.ts';

/** One student in one exam, with a live session. */
export interface Attempt {
  readonly exam: Exam;
  readonly student: Api;
  readonly session: Session;
  /** A socket of the session, past its `welcome`. */
  connect(): Promise<RawSocket>;
  events(): Promise<Event[]>;
  types(): Promise<string[]>;
}

export async function startAttempt(
  site: TestServer,
  policy: PolicyInput = {},
  more: Record<string, unknown> = {},
): Promise<Attempt> {
  const exam = await site.admin.createExam(policy, more);
  const student = await site.student();
  const session = await student.startSession(exam.id);
  const events = () => student.events(session.id);
  return {
    exam,
    student,
    session,
    connect: async () => greet(site.url, await student.examTicket(session.id)),
    events,
    types: async () => (await events()).map((event) => event.type),
  };
}

/** A proctor's socket subscribed to this exam, with its snapshot received. */
export async function watchExam(site: TestServer, examId: string): Promise<RawSocket> {
  const proctor = await site.proctor();
  const socket = new RawSocket(site.url, await proctor.consoleTicket());
  await socket.opened();
  socket.send({ type: 'subscribe', exam: examId });
  await socket.next('snapshot');
  return socket;
}

/** A well-formed signal. */
export const signal = (seq: number, type = 'TAB_SWITCH') => ({
  type: 'signal',
  seq,
  signal: type,
  at: '2026-01-01T10:00:00.000Z',
});
