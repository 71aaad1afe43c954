import { countWaiting, findListedCheckIn, listCheckIns } from '../../../../db/check-in-lists.ts';
import { listCheckInPictures } from '../../../../db/check-in-pictures.ts';
import { listCheckInDecisions } from '../../../../db/check-ins.ts';
import type { Viewer } from '../../../../db/visibility.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import {
  CheckIn,
  CheckInDecisionBody,
  CheckInListPage,
  CheckInPicturePath,
  CheckInQuery,
  CheckInsWaiting,
} from '../../../../protocol/http/check-in.ts';
import { JpegFile } from '../../../../protocol/http/evidence.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { staffCheckIn } from '../../../access/check-in-access.ts';
import { seenExam } from '../../../access/exam-access.ts';
import { noCheckIn } from '../../../access/refused.ts';
import { mayUse } from '../../../access/rights.ts';
import { decideCheckIn } from '../../../check-in/decide.ts';
import type { CheckInParts } from '../../../check-in/parts.ts';
import { showCheckInPicture } from '../../../check-in/show-picture.ts';
import { CheckInViewers } from '../../../check-in/viewers.ts';
import { checkInView, listItemView } from '../../../check-in/views.ts';
import { pageBy } from '../../lists/page.ts';
import { decodeTimeCursor, encodeRankCursor, listName } from '../../lists/rank-cursor.ts';
import { REPLAYED } from '../../pipeline/idempotency-key.ts';
import { Reply, type Route, staffRoute } from '../../pipeline/route.ts';

const MOST_DECISIONS = 200;
const MOST_EXAMS = 200;

/** Check-ins of students, for staff. */
export function checkInRoutes(parts: CheckInParts): Route[] {
  const { db } = parts;
  const viewers = new CheckInViewers(parts);

  async function view(id: string, who: Viewer): Promise<CheckIn> {
    const row = await findListedCheckIn(db, id);
    if (!row) throw noCheckIn();
    return checkInView(row, {
      pictures: await listCheckInPictures(db, id),
      decisions: await listCheckInDecisions(db, id, MOST_DECISIONS),
      mayDecide: mayUse(who, 'command'),
      viewers: viewers.of(id, who.userId),
    });
  }

  return [
    staffRoute({
      method: 'GET',
      path: '/api/check-ins',
      tag: 'Check-in',
      summary: 'Lists check-ins',
      description:
        'Of the exams and rooms that the caller sees: those who wait or are held by the time since when, longest first; others newest first. Without `exam`, open ones of exams that are not over.',
      answer: CheckInListPage,
      problems: ['not_found'],
      query: CheckInQuery,
      handle: async ({ query: { exam, state, room, open, cursor, limit }, who }) => {
        if (exam !== undefined) await seenExam(db, exam, who);
        const list = listName({ checkIns: true, exam, state, room, open });
        const rows = await listCheckIns(db, {
          exam,
          state,
          room,
          open: exam === undefined || open === true,
          seenBy: who,
          after: cursor === undefined ? undefined : decodeTimeCursor(cursor, list),
          limit,
        });
        const placeOf = ({ since, id }: (typeof rows)[number]) =>
          encodeRankCursor({ value: state === undefined ? 0 : since.getTime(), id }, list);
        return pageBy(rows, limit, (row) => listItemView(row, viewers.of(row.id, who.userId)), placeOf);
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/check-ins/waiting',
      tag: 'Check-in',
      summary: 'Counts students who wait to be let in',
      description: 'By exam, of the exams and rooms that the caller sees. Cheap: consoles ask every few seconds.',
      answer: CheckInsWaiting,
      handle: async ({ who }) => {
        const rows = await countWaiting(db, who, MOST_EXAMS);
        return {
          waiting: rows.reduce((sum, { waiting }) => sum + waiting, 0),
          items: rows.map(({ exam_id: id, title, waiting, since }) => ({
            exam: { id, title },
            waiting,
            since: since.toISOString(),
          })),
        };
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/check-ins/:id',
      tag: 'Check-in',
      summary: 'Returns a check-in',
      description: 'With its submitted pictures, which are read one by one, and all decisions.',
      answer: CheckIn,
      params: PathId,
      handle: async ({ params, who }) => {
        await staffCheckIn(db, params.id, who, 'read');
        await viewers.look(params.id, who.userId);
        return view(params.id, who);
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/check-ins/:id/pictures/:picture',
      stepUp: 'factor',
      tag: 'Check-in',
      summary: 'Returns a picture of a check-in',
      description: 'Access is recorded in the audit log before the picture is sent.',
      answer: JpegFile,
      produces: 'image/jpeg',
      hidden: true,
      params: CheckInPicturePath,
      handle: async ({ params, who }) => {
        const row = await staffCheckIn(db, params.id, who, 'read').catch((error: unknown) => {
          // Every refusal reads as if there were nothing; the audit log has the reason.
          if (!(error instanceof ProtocolError)) throw error;
          throw new ProtocolError('not_found', 'picture not found', error.refusal && { refusal: error.refusal });
        });
        const jpeg = await showCheckInPicture(parts, who.userId, row, params.picture);
        return new Reply(200, jpeg, { 'Cache-Control': 'no-store' });
      },
    }),
    staffRoute({
      method: 'POST',
      path: '/api/check-ins/:id/decision',
      tag: 'Check-in',
      summary: 'Admits, holds or refuses a student, or reopens a refused check-in',
      description:
        'Under the name of the caller, recorded in the audit log. The student reads the reason. Until the exam is started, another decision can follow; of two at once, the second is refused with `check_in_changed`. With a key a repetition changes nothing.',
      answer: CheckIn,
      problems: ['forbidden', 'check_in_changed', 'check_in_state'],
      params: PathId,
      body: CheckInDecisionBody,
      idempotent: true,
      handle: async ({ params, body, who, idempotencyKey }) => {
        const { id } = await staffCheckIn(db, params.id, who, 'command');
        const replayed = await decideCheckIn(parts, who.userId, id, body, idempotencyKey);
        return new Reply(200, await view(id, who), replayed ? REPLAYED : {});
      },
    }),
  ];
}
