import type { Db } from '../../../../db/executor.ts';
import { Id } from '../../../../protocol/events.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { Readmission, Readmissions, ReadmitBody } from '../../../../protocol/http/readmissions.ts';
import type { Clock } from '../../../clock.ts';
import { readmissionsOf, readmit, withdraw } from '../../../session/live/readmissions.ts';
import { staffSession } from '../../../access/session-access.ts';
import { type Route, staffRoute } from '../../pipeline/route.ts';

export interface ReadmissionRouteParts {
  readonly db: Db;
  readonly clock: Clock;
}

const ReadmissionPath = PathId.extend({ readmissionId: Id });

/** Readmissions of students whose session has ended. */
export function readmissionRoutes(parts: ReadmissionRouteParts): Route[] {
  const { db } = parts;
  return [
    staffRoute({
      method: 'POST',
      path: '/api/sessions/:id/readmissions',
      tag: 'Sessions',
      summary: 'Readmits the student of an ended session',
      description:
        'The next start of the student continues the session or begins a new attempt. Recorded with author and reason. The session must be the latest of the student in the exam. While an appeal about it is open it does not continue (`appeal_open`); a new attempt may begin.',
      answer: Readmission,
      status: 201,
      problems: [
        'not_enrolled',
        'session_running',
        'session_over',
        'readmission_pending',
        'readmission_required',
        'appeal_open',
        'exam_not_active',
        'exam_outside_window',
      ],
      params: PathId,
      body: ReadmitBody,
      handle: async ({ params, body, who }) =>
        readmit(parts, who, await staffSession(db, params.id, who, 'command'), body),
    }),
    staffRoute({
      method: 'GET',
      path: '/api/sessions/:id/readmissions',
      tag: 'Sessions',
      summary: 'Lists readmissions of a session',
      description: 'Those that follow the session and those that led to it, oldest first.',
      answer: Readmissions,
      params: PathId,
      handle: async ({ params, who }) => {
        const row = await staffSession(db, params.id, who, 'read');
        return { items: await readmissionsOf(parts, row.id) };
      },
    }),
    staffRoute({
      method: 'DELETE',
      path: '/api/sessions/:id/readmissions/:readmissionId',
      tag: 'Sessions',
      summary: 'Withdraws an unused readmission',
      params: ReadmissionPath,
      handle: async ({ params, who }) => {
        const row = await staffSession(db, params.id, who, 'command');
        await withdraw(parts, who, row.id, params.readmissionId);
      },
    }),
  ];
}
