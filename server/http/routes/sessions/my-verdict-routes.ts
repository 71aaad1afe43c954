import type { Db } from '../../../../db/executor.ts';
import type { NamedSessionRow } from '../../../../db/sessions.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { JpegFile } from '../../../../protocol/http/evidence.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { MyPicturePath, MyVerdictList, StatementBody } from '../../../../protocol/http/verdict-steps.ts';
import { studentSession } from '../../../access/session-access.ts';
import type { Clock } from '../../../clock.ts';
import type { EvidenceReader } from '../../../evidence/evidence-reader.ts';
import { findMyPicture, readMyVerdicts } from '../../../session/review/my-verdicts.ts';
import { answerVerdict, appealVerdict, withdrawAppeal } from '../../../session/review/student-statement.ts';
import { Reply, type Route, userRoute } from '../../pipeline/route.ts';

export interface MyVerdictRouteParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly evidenceReader: EvidenceReader;
}

/** Released verdicts for their student: to read, answer and appeal. */
export function myVerdictRoutes(parts: MyVerdictRouteParts): Route[] {
  const { db, clock, evidenceReader } = parts;

  const read = async (session: NamedSessionRow) => ({
    items: await readMyVerdicts(db, session, new Date(clock())),
  });

  return [
    userRoute({
      method: 'GET',
      path: '/api/proctoring/my-attempt/:id/verdicts',
      tag: 'Proctoring',
      summary: "Lists released verdicts of the caller's own session",
      description:
        'Newest release first, with deadlines, the own answer and appeal, and its outcome. Names of staff and pictures as the policy says.',
      answer: MyVerdictList,
      params: PathId,
      handle: async ({ params, who }) => read(await studentSession(db, params.id, who)),
    }),
    userRoute({
      method: 'GET',
      path: '/api/proctoring/my-attempt/:id/pictures/:picture',
      tag: 'Proctoring',
      summary: 'Returns a picture that decided a released verdict',
      description:
        'Of an event that a release names, if the policy shows pictures to students. The view is recorded in the audit log.',
      answer: JpegFile,
      produces: 'image/jpeg',
      params: MyPicturePath,
      handle: async ({ params, who }) => {
        const session = await studentSession(db, params.id, who);
        const row = await findMyPicture(db, session, params.picture);
        if (!row) throw new ProtocolError('not_found', 'picture not found');
        return new Reply(200, await evidenceReader.show(row.id, who), { 'Cache-Control': 'no-store' });
      },
    }),
    userRoute({
      method: 'POST',
      path: '/api/proctoring/my-attempt/:id/answer',
      tag: 'Proctoring',
      summary: 'Answers a released verdict',
      description: 'Once, within the days of the policy; at most 5000 bytes.',
      answer: MyVerdictList,
      problems: ['session_running', 'verdict_missing', 'already_answered', 'window_closed'],
      status: 201,
      params: PathId,
      body: StatementBody,
      handle: async ({ params, body, who }) => {
        const session = await studentSession(db, params.id, who);
        await answerVerdict(parts, who.userId, session.id, body.text);
        return read(session);
      },
    }),
    userRoute({
      method: 'POST',
      path: '/api/proctoring/my-attempt/:id/appeal',
      tag: 'Proctoring',
      summary: 'Appeals against a released verdict',
      description:
        'Once, within the days of the policy; at most 5000 bytes. It is decided by a person who had no part in the verdict. Until then nothing of the session is deleted.',
      answer: MyVerdictList,
      problems: ['session_running', 'verdict_missing', 'already_appealed', 'window_closed', 'account_disabled'],
      status: 201,
      params: PathId,
      body: StatementBody,
      handle: async ({ params, body, who }) => {
        const session = await studentSession(db, params.id, who);
        await appealVerdict(parts, who.userId, session.id, body.text);
        return read(session);
      },
    }),
    userRoute({
      method: 'POST',
      path: '/api/proctoring/my-attempt/:id/appeal/withdraw',
      tag: 'Proctoring',
      summary: 'Withdraws an open appeal',
      description: 'The verdict stays. A withdrawn appeal is not opened again.',
      answer: MyVerdictList,
      problems: ['session_running', 'appeal_missing'],
      params: PathId,
      handle: async ({ params, who }) => {
        const session = await studentSession(db, params.id, who);
        await withdrawAppeal(parts, who.userId, session.id);
        return read(session);
      },
    }),
  ];
}
