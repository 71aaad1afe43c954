import { z } from 'zod';
import { type ExamRow, listExams } from '../../../../db/exams.ts';
import { Id, Timestamp } from '../../../../protocol/events.ts';
import { ExamTitle } from '../../../../protocol/http/exams.ts';
import { DEFAULT_ORGANISATION } from '../../../../protocol/http/organisations.ts';
import { Policy } from '../../../../protocol/policy.ts';
import type { Principal } from '../../../auth/logins/tokens.ts';
import { Batch } from '../../../batch.ts';
import { createExam, type ExamParts } from '../../../exams/write.ts';
import { guestRoute, Reply, managerRoute, type Route, userRoute } from '../../pipeline/route.ts';
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
  readonly basePath: string;
  /** Whether the list is public, as in ProctorBE. */
  readonly openExamList: boolean;
}

/**
 * ProctorBE announces no frame size, so its clients send whatever their camera gives. The cost is charged to the sender
 * (`inference/shares.ts`).
 */
const POLICY = Policy.parse({ frames: { maxWidth: 1920 } });

/** As every ProctorBE exam: nobody is enrolled, and times are UTC. */
const COMPATIBLE = { openTo: 'all', timeZone: 'UTC' } as const;

/** ProctorBE exams have no status: they are active from their creation. */
export function proctorbeExamRoutes(parts: ProctorbeExamRouteParts): Route[] {
  // Serialised once for all concurrent requests: the list is the same for everybody of an organisation and may be public.
  const shown = new Batch<string, Reply>(async (asked) => {
    const answers = new Map<string, Reply>();
    for (const organisation of new Set(asked)) {
      const open = { limit: MOST, statuses: ['scheduled', 'active'], openTo: 'all', organisation } as const;
      const rows = await listExams(parts.db, open);
      const body = JSON.stringify(rows.toReversed().map(examOut));
      answers.set(organisation, new Reply(200, body, { 'Cache-Control': 'no-store' }));
    }
    return asked.map((organisation) => answers.get(organisation)!);
  });

  return [
    managerRoute({
      method: 'POST',
      path: '/exams/',
      tag: 'ProctorBE compatibility',
      summary: 'Creates an exam',
      description:
        'The exam is active at once, open to all students and seen by all proctors of the organisation. Times without an offset are UTC.',
      answer: ExamOut,
      query: NewExamQuery,
      handle: async ({ query: { title, start_time, end_time }, who }) => {
        const times = { startsAt: start_time, endsAt: end_time };
        const terms = {
          title,
          ...times,
          status: 'active',
          maxAttempts: null,
          staffAccess: 'all',
          reviewSamplePercent: 0,
          policy: POLICY,
        } as const;
        const { organisationId } = who;
        return examOut(await createExam(parts, who, terms, { ...COMPATIBLE, organisationId }));
      },
    }),
    (parts.openExamList ? guestRoute : userRoute)({
      method: 'GET',
      path: '/exams/',
      tag: 'ProctorBE compatibility',
      summary: 'Lists exams',
      description: `The newest ${MOST} exams, oldest first. Without a staff token, only scheduled or active exams of the caller's organisation that are open to all; without a login, of the first organisation. For staff, headers \`X-Next-Cursor\` and \`Link\` point to older exams.`,
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
        if (!isStaff) return shown.find(who?.organisationId ?? DEFAULT_ORGANISATION);
        const rows = await listExams(parts.db, { cursor, limit, seenBy: who });
        return arrayPage(
          rows.toReversed().map(examOut),
          `${parts.basePath}/exams/`,
          limit,
          rows.length === limit ? rows.at(-1)?.id : undefined,
        );
      },
    }),
  ];
}
