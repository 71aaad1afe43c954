import type { Db } from '../../../../db/executor.ts';
import { listStaffFor } from '../../../../db/session-staff.ts';
import { listNotes, type NoteRow } from '../../../../db/session-team.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import {
  ClaimBody,
  Colleagues,
  MOST_COLLEAGUES,
  NoteBody,
  SeenBody,
  SessionNote,
  SessionNotePage,
} from '../../../../protocol/http/team.ts';
import { Team } from '../../../../protocol/team.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { TeamActs } from '../../../session/team/team-acts.ts';
import { noteView } from '../../../session/team/team-view.ts';
import { pageBy } from '../../lists/page.ts';
import { sizedRows } from '../../lists/sized-rows.ts';
import { staffRoute, type Route } from '../../pipeline/route.ts';

export interface TeamRouteParts {
  readonly db: Db;
  readonly team: TeamActs;
}

/** Staff who share the sessions of an exam. Nothing of it is for the student. */
export const teamRoutes = ({ db, team }: TeamRouteParts): Route[] => [
  staffRoute({
    method: 'POST',
    path: '/api/sessions/:id/seen',
    tag: 'Proctoring',
    summary: 'Marks a running session as seen',
    description:
      'For all staff, with name and time. The mark is gone as soon as attention rises above what the caller saw, or above its lowest value since. Recorded in the audit log.',
    answer: Team,
    problems: ['session_over'],
    params: PathId,
    body: SeenBody,
    handle: ({ params, who, body }) => team.seen(params.id, who, body.attention),
  }),
  staffRoute({
    method: 'PUT',
    path: '/api/sessions/:id/claim',
    tag: 'Proctoring',
    summary: 'Takes, hands over or releases a running session',
    description:
      'Says who looks after the session; whoever may command it still may. A colleague must be able to command it. `holder` is who has it as the caller knows: of two at the same moment one is refused with `claim_changed`. Recorded in the audit log.',
    answer: Team,
    problems: ['session_over', 'claim_changed'],
    params: PathId,
    body: ClaimBody,
    handle: ({ params, who, body }) => team.claim(params.id, who, body.to, body.holder),
  }),
  staffRoute({
    method: 'GET',
    path: '/api/sessions/:id/colleagues',
    tag: 'Proctoring',
    summary: 'Lists colleagues to whom a session can be handed over',
    description: 'People who may command it, without the caller, by name; at most 200.',
    answer: Colleagues,
    params: PathId,
    handle: async ({ params, who }) => {
      await staffSession(db, params.id, who, 'command');
      return { items: await listStaffFor(db, params.id, 'proctor', { but: [who.userId], limit: MOST_COLLEAGUES }) };
    },
  }),
  staffRoute({
    method: 'GET',
    path: '/api/sessions/:id/notes',
    tag: 'Review',
    summary: 'Lists internal notes of a session',
    description: 'Newest first. For staff only: its student is shown none of them.',
    answer: SessionNotePage,
    params: PathId,
    query: PageQuery,
    handle: async ({ params, who, query: { cursor, limit } }) => {
      await staffSession(db, params.id, who, 'read');
      const { rows, hasMore } = await sizedRows<NoteRow>(
        limit,
        (after, some) => listNotes(db, params.id, { cursor: after?.id ?? cursor, limit: some }),
        ({ text }) => text.length,
      );
      return pageBy(rows, limit, noteView, ({ id }) => id, hasMore);
    },
  }),
  staffRoute({
    method: 'POST',
    path: '/api/sessions/:id/notes',
    tag: 'Review',
    summary: 'Adds an internal note to a session',
    description:
      'Running or ended. For staff only, with name and time; it is never changed. The audit log has a digest of it.',
    answer: SessionNote,
    status: 201,
    params: PathId,
    body: NoteBody,
    handle: async ({ params, who, body }) => noteView(await team.note(params.id, who, body.text)),
  }),
];
