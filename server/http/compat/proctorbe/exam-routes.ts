import { z } from 'zod';
import { type ExamRow, listExams } from '../../../../db/exams.ts';
import { Id, Timestamp } from '../../../../protocol/events.ts';
import { ExamTitle } from '../../../../protocol/http/exams.ts';
import { Policy } from '../../../../protocol/policy.ts';
import type { Principal } from '../../../auth/logins/tokens.ts';
import { Batch } from '../../../batch.ts';
import { createExam, type ExamParts } from '../../../exams/write.ts';
import { guestRoute, Reply, adminRoute, type Route, userRoute } from '../../pipeline/route.ts';
import { arrayPage, arrayQuery } from './array-page.ts';
import { NaiveTime } from './time.ts';

const ExamOut = z
  .object({ id: Id, title: z.string(), start_time: Timestamp.nullable(), end_time: Timestamp.nullable() })
  .meta({ id: 'ProctorbeExam' });

const NewExamQuery = z
  .object({ title: ExamTitle, start_time: NaiveTime.optional(), end_time: NaiveTime.optional() })
  .refine(({ start_time: from, end_time: to }) => !from || !to || Date.parse(from) < Date.parse(to), {
    path: ['end_time'],
    message: 'must be after start_time',
  });

const MOST = 200;

function examOut(row: ExamRow): z.infer<typeof ExamOut> {
  return {
    id: row.id,
    title: row.title,
    start_time: row.starts_at?.toISOString() ?? null,
    end_time: row.ends_at?.toISOString() ?? null,
  };
}

export interface ProctorbeExamRouteParts extends ExamParts {
  /** Whether the list is shown without a login, as the first system did. */
  readonly openExamList: boolean;
}

/**
 * Its clients were never told a size: their cameras' own pictures are taken. What they cost is charged to who sends
 * them (`inference/shares.ts`).
 */
const POLICY = Policy.parse({ frames: { maxWidth: 1920 } });

/** The first system knew no status: an exam could be sat from the moment it was made. */
export function proctorbeExamRoutes(parts: ProctorbeExamRouteParts): Route[] {
  // Written once for all who ask at the same time: this list is the same for everybody, and nobody has to log in for
  // it.
  const shown = new Batch<void, Reply>(async (asked) => {
    const rows = await listExams(parts.db, { limit: MOST, statuses: ['scheduled', 'active'], openTo: 'all' });
    const answer = new Reply(200, JSON.stringify(rows.toReversed().map(examOut)), { 'Cache-Control': 'no-store' });
    return asked.map(() => answer);
  });

  return [
    adminRoute({
      method: 'POST',
      path: '/exams/',
      tag: 'ProctorBE compatibility',
      summary: 'A new exam, active at once; times without an offset are UTC',
      answer: ExamOut,
      query: NewExamQuery,
      handle: async ({ query: { title, start_time, end_time }, who }) => {
        const terms = { title, startsAt: start_time, endsAt: end_time, status: 'active' } as const;
        return examOut(await createExam(parts, who, { ...terms, policy: POLICY }, 'all'));
      },
    }),
    (parts.openExamList ? guestRoute : userRoute)({
      method: 'GET',
      path: '/exams/',
      tag: 'ProctorBE compatibility',
      summary:
        'The newest 200 exams, oldest first; without a token of staff those that are scheduled or active and open to all. Where staff have more, the headers X-Next-Cursor and Link say where the older ones begin',
      answer: z.array(ExamOut),
      query: arrayQuery(Id, MOST),
      handle: async ({
        who,
        query: { cursor, limit },
      }: {
        readonly who: Principal | undefined;
        readonly query: { readonly cursor?: string | undefined; readonly limit: number };
      }) => {
        const isStaff = who !== undefined && who.role !== 'student';
        if (!isStaff) return shown.find();
        const rows = await listExams(parts.db, { cursor, limit });
        return arrayPage(
          rows.toReversed().map(examOut),
          '/exams/',
          limit,
          rows.length === limit ? rows.at(-1)?.id : undefined,
        );
      },
    }),
  ];
}
