import type { Db } from '../../../../db/executor.ts';
import { findExam } from '../../../../db/exams.ts';
import type { NamedSessionRow } from '../../../../db/sessions.ts';
import { listInvolved } from '../../../../db/verdict-case.ts';
import { listStaffFor } from '../../../../db/session-staff.ts';
import { listVerdictStates } from '../../../../db/verdict-list.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import {
  OfficerBody,
  OfficerList,
  OutcomeBody,
  ReleaseBody,
  VerdictListPage,
  VerdictListQuery,
  VerdictSteps,
} from '../../../../protocol/http/verdict-steps.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { Clock } from '../../../clock.ts';
import type { Mailer } from '../../../mail/mailer.ts';
import { type VerdictMail, verdictMail } from '../../../mail/verdict-mail.ts';
import { decideAppeal, giveAppeal } from '../../../session/review/appeals.ts';
import { releaseVerdict } from '../../../session/review/release-verdict.ts';
import { verdictListItem } from '../../../session/review/verdict-list-view.ts';
import { readVerdictSteps } from '../../../session/review/verdict-steps-view.ts';
import { pageBy } from '../../lists/page.ts';
import { managerRoute, releaserRoute, type Route, staffRoute } from '../../pipeline/route.ts';

export interface VerdictRouteParts {
  readonly db: Db;
  readonly clock: Clock;
  /** Undefined: no mail is sent. `base`: what the path of a page is appended to. */
  readonly mail: { readonly sender: Pick<Mailer, 'send'>; readonly base: string } | undefined;
}

const MOST_OFFICERS = 200;

/** Release of verdicts, and appeals, for staff. */
export function verdictRoutes(parts: VerdictRouteParts): Route[] {
  const { db, clock, mail } = parts;

  /** Tells the student that there is something to read. */
  async function tell(session: NamedSessionRow, what: Omit<VerdictMail, 'to' | 'exam' | 'link'>): Promise<void> {
    if (!mail) return;
    const exam = await findExam(db, session.exam_id);
    const to = { name: session.student_name, email: session.student_email };
    const link = `${mail.base}/exam#/record/${session.id}`;
    mail.sender.send(verdictMail({ ...what, to, exam: exam?.title ?? '', link }));
  }

  return [
    staffRoute({
      method: 'GET',
      path: '/api/verdicts',
      tag: 'Review',
      summary: 'Lists verdicts with their states',
      description:
        'Of the sessions that the caller sees, newest session first: verdicts to release, answered, appealed and overdue ones, with their deadlines. A deadline that passes closes the time for an answer or an appeal, or marks the row as overdue; it decides nothing.',
      answer: VerdictListPage,
      query: VerdictListQuery,
      handle: async ({ query, who }) => {
        const now = new Date(clock());
        const rows = await listVerdictStates(db, { ...query, cursor: query.cursor, now, seenBy: who });
        return pageBy(rows, query.limit, verdictListItem(now), ({ session_id }) => session_id);
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/sessions/:id/verdict-steps',
      tag: 'Review',
      summary: 'Returns the steps after a verdict',
      description:
        'State, deadlines, releases with answers, appeals and outcomes, and why the caller could not release or decide now.',
      answer: VerdictSteps,
      params: PathId,
      handle: async ({ params, who }) => {
        await staffSession(db, params.id, who, 'read');
        return readVerdictSteps(db, params.id, who);
      },
    }),
    releaserRoute({
      method: 'POST',
      path: '/api/sessions/:id/release',
      tag: 'Review',
      summary: 'Releases the verdict to the student',
      description:
        'By a reviewer, manager or admin who did not terminate the session and, where the policy asks for a second person, did not give the verdict. Until then the student sees no verdict and no decision about an event. The student sees the verdict, its reason and, if the policy says so, the pictures of the named events, and may answer and appeal within the days of the policy.',
      answer: VerdictSteps,
      problems: [
        'session_running',
        'verdict_missing',
        'newer_verdict',
        'already_released',
        'second_person_required',
        'person_involved',
        'appeal_open',
      ],
      status: 201,
      params: PathId,
      body: ReleaseBody,
      handle: async ({ params, body, who }) => {
        const session = await staffSession(db, params.id, who, 'release');
        const periods = await releaseVerdict(parts, who.userId, session.id, body);
        await tell(session, { kind: 'released', ...periods });
        return readVerdictSteps(db, session.id, who);
      },
    }),
    managerRoute({
      method: 'GET',
      path: '/api/sessions/:id/appeal/officers',
      tag: 'Review',
      summary: 'Lists people who may decide an appeal about a session',
      description:
        'Staff of the exam with the right to decide appeals who neither gave nor released a verdict on the session, nor decided an earlier appeal, nor terminated it. By name, at most 200.',
      answer: OfficerList,
      params: PathId,
      handle: async ({ params, who }) => {
        const { id } = await staffSession(db, params.id, who, 'release');
        const involved = (await listInvolved(db, id)).map((person) => person.id);
        return { items: await listStaffFor(db, id, 'reviewer', { but: involved, limit: MOST_OFFICERS }) };
      },
    }),
    managerRoute({
      method: 'PUT',
      path: '/api/sessions/:id/appeal/officer',
      tag: 'Review',
      summary: 'Gives an appeal to the person who decides it',
      description:
        'Of managed exams; `officer` null takes it back. Refused with `person_involved` for who gave or released a verdict on the session, decided an earlier appeal or terminated it.',
      answer: VerdictSteps,
      problems: ['session_running', 'appeal_missing', 'person_involved'],
      params: PathId,
      body: OfficerBody,
      handle: async ({ params, body, who }) => {
        await giveAppeal(parts, who, params.id, body.officer);
        return readVerdictSteps(db, params.id, who);
      },
    }),
    releaserRoute({
      method: 'POST',
      path: '/api/sessions/:id/appeal/outcome',
      tag: 'Review',
      summary: 'Decides an appeal',
      description:
        'By the person to whom it is given. A changed verdict is added and shown with the outcome; earlier ones stay. Retention runs again from here.',
      answer: VerdictSteps,
      problems: ['session_running', 'appeal_missing', 'person_involved'],
      status: 201,
      params: PathId,
      body: OutcomeBody,
      handle: async ({ params, body, who }) => {
        const session = await staffSession(db, params.id, who, 'release');
        await decideAppeal(parts, who.userId, session.id, body);
        await tell(session, { kind: 'decided' });
        return readVerdictSteps(db, session.id, who);
      },
    }),
  ];
}
