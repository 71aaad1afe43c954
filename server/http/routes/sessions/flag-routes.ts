import type { Db } from '../../../../db/executor.ts';
import type { NamedSessionRow } from '../../../../db/sessions.ts';
import { badField, ProtocolError } from '../../../../protocol/errors.ts';
import { FlagBody, FlagCategoriesAnswer, FlagCategoriesBody, Flagged } from '../../../../protocol/http/flags.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { managedExam, seenExam } from '../../../access/exam-access.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { Clock } from '../../../clock.ts';
import { changeFlagCategories, flagCategoriesOf } from '../../../exams/flag-categories.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { eventView } from '../../../session/record/event-view.ts';
import type { Reviews } from '../../../session/review/reviews.ts';
import { managerRoute, staffRoute, type Route } from '../../pipeline/route.ts';

export interface FlagRouteParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly sessions: LiveSessions;
  readonly reviews: Reviews;
}

/** What staff saw: flags, images that they keep, and the categories of an exam. */
export const flagRoutes = (parts: FlagRouteParts): Route[] => [
  staffRoute({
    method: 'POST',
    path: '/api/sessions/:id/flags',
    tag: 'Proctoring',
    summary: 'Flags an irregularity in a session',
    description:
      "Now, at a time, or over a stretch, of a running or ended session. Its category's weight is that of the event: it counts in the reviewed score and in attention, not in the risk score, and is confirmed or dismissed like that of any event. `snapshot` also keeps the next image, encrypted, as evidence. Its student reads it once a verdict is released, without the note.",
    answer: Flagged,
    status: 201,
    problems: ['unknown_category', 'pictures_off', 'session_over', 'session_not_live'],
    params: PathId,
    body: FlagBody,
    handle: async ({ params, who, body }) => {
      const row = await staffSession(parts.db, params.id, who, 'review');
      if (body.snapshot) {
        await staffSession(parts.db, params.id, who, 'watch');
        if (row.status === 'ended') throw new ProtocolError('session_over', 'session has ended');
      }
      const { items } = await flagCategoriesOf(parts.db, row.exam_id);
      const category = items.find(({ code }) => code === body.category);
      if (!category) throw new ProtocolError('unknown_category', `the exam has no category ${body.category}`);
      const { from, to } = stretchOf(body, row, parts.clock());
      const event = await parts.reviews.flag(
        row.id,
        {
          by: who.userId,
          category: category.code,
          label: category.label,
          weight: category.weight,
          note: body.note,
          from,
          to,
        },
        body.snapshot,
      );
      return { event: eventView(event) };
    },
  }),
  staffRoute({
    method: 'POST',
    path: '/api/sessions/:id/snapshots',
    tag: 'Proctoring',
    summary: 'Keeps the present image of a running session',
    description:
      'The next image that arrives, encrypted, as a picture of kind `snapshot` of the event that is answered; if none arrives within 10 s the event says so (`evidenceMissing`). Its student reads the event once a verdict is released.',
    answer: Flagged,
    status: 201,
    problems: ['pictures_off', 'session_over', 'session_not_live'],
    params: PathId,
    handle: async ({ params, who }) => {
      const { id } = await staffSession(parts.db, params.id, who, 'watch');
      return { event: eventView(await parts.sessions.ask(id, 'snapshot', { by: who.userId })) };
    },
  }),
  staffRoute({
    method: 'GET',
    path: '/api/exams/:id/flag-categories',
    tag: 'Exams',
    summary: 'Lists the irregularities that staff can flag in an exam',
    answer: FlagCategoriesAnswer,
    params: PathId,
    handle: async ({ params, who }) => flagCategoriesOf(parts.db, (await seenExam(parts.db, params.id, who)).id),
  }),
  managerRoute({
    method: 'PUT',
    path: '/api/exams/:id/flag-categories',
    tag: 'Exams',
    summary: 'Replaces the irregularities that staff can flag in an exam',
    description: 'Flags that were given keep their weight. Recorded in the audit log.',
    answer: FlagCategoriesAnswer,
    params: PathId,
    body: FlagCategoriesBody,
    handle: async ({ params, who, body }) => {
      const { id } = await managedExam(parts.db, params.id, who);
      await changeFlagCategories(parts, who, id, body.items ?? undefined);
      return flagCategoriesOf(parts.db, id);
    },
  }),
];

/** Time of a flag within the session. @throws ProtocolError `bad_request` */
function stretchOf(
  { from, to }: FlagBody,
  { started_at, ended_at }: NamedSessionRow,
  now: number,
): { readonly from: number | undefined; readonly to: number | undefined } {
  const [first, last] = [started_at.getTime(), ended_at?.getTime() ?? now];
  const isWithin = (time: number) => time >= first && time <= last;
  if (from === undefined) {
    if (ended_at) throw badField('body.from', 'is required: the session has ended');
    return { from: undefined, to: undefined };
  }
  const stretch = { from: Date.parse(from), to: to === undefined ? undefined : Date.parse(to) };
  if (!isWithin(stretch.from)) throw badField('body.from', 'must be within the session');
  if (stretch.to !== undefined && !isWithin(stretch.to)) throw badField('body.to', 'must be within the session');
  return stretch;
}
