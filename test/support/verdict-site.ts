import type { Event } from '../../protocol/events.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Verdict } from '../../protocol/http/reviews.ts';
import type { MyVerdict, VerdictSteps } from '../../protocol/http/verdict-steps.ts';
import type { Api } from './api.ts';
import type { TestServer } from './server.ts';
import { sit, type Sitting } from './staffed-site.ts';

/** Steps of the decision about a session, by the routes that people use. */

/** A session that is over. */
export async function sitAndEnd(site: TestServer, exam: Exam, student: Api): Promise<Sitting> {
  const sitting = await sit(site, exam, student);
  await student.post(`/api/sessions/${sitting.session.id}/end`);
  return sitting;
}

export const judge = (by: Api, session: string, verdict: Verdict['verdict'], reason = 'Seen'): Promise<Verdict> =>
  by.post<Verdict>(`/api/sessions/${session}/verdict`, { verdict, reason });

export const release = (
  by: Api,
  session: string,
  verdict: Pick<Verdict, 'id'>,
  events: readonly Pick<Event, 'id'>[] = [],
): Promise<VerdictSteps> =>
  by.post<VerdictSteps>(`/api/sessions/${session}/release`, {
    verdict: verdict.id,
    events: events.map(({ id }) => id),
  });

export const answer = (student: Api, session: string, text = 'It was my sister'): Promise<{ items: MyVerdict[] }> =>
  student.post(`/api/proctoring/my-attempt/${session}/answer`, { text });

export const appeal = (student: Api, session: string, text = 'I object'): Promise<{ items: MyVerdict[] }> =>
  student.post(`/api/proctoring/my-attempt/${session}/appeal`, { text });

export const withdraw = (student: Api, session: string): Promise<{ items: MyVerdict[] }> =>
  student.post(`/api/proctoring/my-attempt/${session}/appeal/withdraw`);

export const giveTo = (manager: Api, session: string, officer: Api | null): Promise<VerdictSteps> =>
  manager.request('PUT', `/api/sessions/${session}/appeal/officer`, { officer: officer && officer.userId });

export const decide = (officer: Api, session: string, body: Record<string, unknown>): Promise<VerdictSteps> =>
  officer.post<VerdictSteps>(`/api/sessions/${session}/appeal/outcome`, { reason: 'Looked at again', ...body });

export const stepsOf = (staff: Api, session: string): Promise<VerdictSteps> =>
  staff.get<VerdictSteps>(`/api/sessions/${session}/verdict-steps`);

export const mineOf = async (student: Api, session: string): Promise<MyVerdict[]> =>
  (await student.get<{ items: MyVerdict[] }>(`/api/proctoring/my-attempt/${session}/verdicts`)).items;
