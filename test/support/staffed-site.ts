import type { Exam } from '../../protocol/http/exams.ts';
import type { Event } from '../../protocol/events.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import type { Assignment } from '../../protocol/http/assignments.ts';
import type { Organisation } from '../../protocol/http/organisations.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from './api.ts';
import type { TestServer } from './server.ts';

/** Of every account of `newPerson`. */
export const PASSWORD = 'violet harbour 93';
let people = 0;

/** A new account of any role, logged in. */
export async function newPerson(site: TestServer, role: Role, organisationId?: string): Promise<Api> {
  const email = `person-${++people}@example.org`;
  const body = { email, password: PASSWORD, name: `Person ${people}`, role, ...(organisationId && { organisationId }) };
  await site.admin.post('/api/users', body);
  const api = site.api();
  await api.login(email, PASSWORD);
  return api;
}

export const newOrganisation = (site: TestServer, name = 'Other'): Promise<Organisation> =>
  site.admin.post<Organisation>('/api/organisations', { name });

export const assign = (site: TestServer, exam: string, person: Api, room?: string): Promise<Assignment> =>
  site.admin.post<Assignment>(`/api/exams/${exam}/staff`, { userId: person.userId, ...(room && { room }) });

/** A session with an event in a room of an exam. */
export interface Sitting {
  readonly exam: Exam;
  readonly student: Api;
  readonly session: Session;
  readonly event: Event;
}

/** @param student of the exam's organisation */
export async function sit(site: TestServer, exam: Exam, student: Api, room: string | null = null): Promise<Sitting> {
  await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { room });
  const session = await student.startSession(exam.id);
  const event = await student.post<Event>('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
  return { exam, student, session, event };
}
