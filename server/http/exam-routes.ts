import { uuidv7 } from 'uuidv7';
import { type ExamRow, insertExam, listExams } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { CreateExamBody, Exam, ExamPage } from '../../protocol/http/exams.ts';
import { PageQuery } from '../../protocol/http/lists.ts';
import type { Clock } from '../clock.ts';
import { pageOf } from './page.ts';
import { roleRoute, type Route, userRoute } from './route.ts';

function examAnswer(row: ExamRow): Exam {
  return {
    id: row.id,
    title: row.title,
    startsAt: row.starts_at?.toISOString() ?? null,
    endsAt: row.ends_at?.toISOString() ?? null,
    durationMinutes: row.duration_minutes,
    status: row.status,
    policy: row.policy,
    policyVersion: row.policy_version,
    createdAt: row.created_at.toISOString(),
  };
}

const date = (value: string | null | undefined) => (value ? new Date(value) : null);

export interface ExamRouteParts {
  readonly db: Db;
  readonly clock: Clock;
}

export function examRoutes({ db, clock }: ExamRouteParts): Route[] {
  return [
    roleRoute(['admin'], {
      method: 'POST',
      path: '/api/exams',
      tag: 'Exams',
      summary: 'A new exam',
      answer: Exam,
      status: 201,
      body: CreateExamBody,
      handle: async ({ body, who }) => {
        const row = await insertExam(db, {
          id: uuidv7(),
          title: body.title,
          starts_at: date(body.startsAt),
          ends_at: date(body.endsAt),
          duration_minutes: body.durationMinutes ?? null,
          status: body.status,
          policy: body.policy,
          created_by: who.userId,
          created_at: new Date(clock()),
        });
        return examAnswer(row);
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/exams',
      tag: 'Exams',
      summary: 'Exams, newest first',
      answer: ExamPage,
      query: PageQuery,
      handle: async ({ query, who }) => {
        // A student sees what can be sat, not what is being prepared.
        const statuses = who.role === 'student' ? (['scheduled', 'active'] as const) : undefined;
        const rows = await listExams(db, { ...query, cursor: query.cursor, ...(statuses && { statuses }) });
        return pageOf(rows, query.limit, examAnswer);
      },
    }),
  ];
}
