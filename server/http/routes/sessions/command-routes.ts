import type { Db } from '../../../../db/executor.ts';
import { SessionCommandsAnswer, SessionCommandsBody } from '../../../../protocol/http/session-commands.ts';
import { seenExam } from '../../../access/exam-access.ts';
import { roleForbids } from '../../../access/refused.ts';
import { mayUse } from '../../../access/rights.ts';
import { recordRefusal, type SecurityLog } from '../../../audit/security/security-log.ts';
import type { Logger } from '../../../log.ts';
import { commandSessions, type ManyCommand, type Target } from '../../../session/live/command-sessions.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { type Route, staffRoute } from '../../pipeline/route.ts';

export interface CommandRouteParts {
  readonly db: Db;
  readonly sessions: LiveSessions;
  readonly log: Logger;
  readonly security: Pick<SecurityLog, 'record'>;
}

/** 500 ids and a text. */
const BODY_BYTES = 32 * 1024;

/** Commands to many sessions. */
export const commandRoutes = ({ db, sessions: running, log, security }: CommandRouteParts): Route[] => [
  staffRoute({
    method: 'POST',
    path: '/api/sessions/commands',
    tag: 'Sessions',
    summary: 'Pauses, resumes, messages, extends or terminates many sessions',
    description:
      'At most 500 sessions by id, or all running ones of an exam or of one of its rooms. Each command is stored and recorded by itself under the name of the caller, as by the console socket (rule P4). Sessions that cannot be commanded are listed with a reason and do not affect the others; sessions of others are `not_found`. Without a key a repetition gives the command again.',
    answer: SessionCommandsAnswer,
    problems: ['forbidden', 'not_found'],
    body: SessionCommandsBody,
    bodyLimit: BODY_BYTES,
    idempotent: true,
    handle: async ({ body, who, address, idempotencyKey }) => {
      if (!mayUse(who, 'command')) throw roleForbids();
      const { sessions, exam, room, ...command } = body;
      if (exam !== undefined) await seenExam(db, exam, who);
      const target: Target = exam === undefined ? { sessions: sessions ?? [] } : { exam, room };
      const refused = (error: Parameters<typeof recordRefusal>[1], session: string) =>
        recordRefusal(security, error, { actor: who.userId, target: session, address, notFound: 'unknown_id' });
      // The schema requires the fields of each command.
      return commandSessions(
        { db, sessions: running, log, refused },
        who,
        target,
        command as ManyCommand,
        idempotencyKey,
      );
    },
  }),
];
