import pLimit from 'p-limit';
import { type CommandedSession, findCommanded, listCommanded } from '../../../db/commanded-sessions.ts';
import type { Db } from '../../../db/executor.ts';
import { isUnavailable } from '../../../db/unavailable.ts';
import type { Viewer } from '../../../db/visibility.ts';
import type { Command } from '../../../protocol/console.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { SessionCommandFailure, SessionCommandsAnswer } from '../../../protocol/http/session-commands.ts';
import { noSession, ownSession } from '../../access/refused.ts';
import type { Logger } from '../../log.ts';
import { checkSameCommand, onceOf, storedCommands } from './command-keys.ts';
import type { CommandAuthor } from './proctor-commands.ts';
import type { LiveSessions } from './session-acts.ts';

/** Commands under way at once: each waits for a commit, which they share. */
const AT_ONCE = 32;
/** Sessions per query. */
const PAGE = 500;

export interface CommandSessionsParts {
  readonly db: Db;
  readonly sessions: LiveSessions;
  readonly log: Logger;
  /** Called with each refusal, for the security log. */
  readonly refused: (error: ProtocolError, session: string) => void;
}

export type ManyCommand = Command extends infer One
  ? One extends Command
    ? Omit<One, 'session' | 'type'>
    : never
  : never;

/** Sessions by id, or the running ones of an exam or a room. */
export type Target =
  { readonly sessions: readonly string[] } | { readonly exam: string; readonly room: string | undefined };

/**
 * Gives one command to many sessions. Each act is recorded by itself under the person's name, as if it had been given
 * alone, and a session that cannot be commanded keeps no other one from it. The person's role must permit commands.
 * @param key a repetition with the same key gives no command again
 * @returns after all are committed or refused
 */
export async function commandSessions(
  parts: CommandSessionsParts,
  by: Viewer,
  target: Target,
  command: ManyCommand,
  key?: string,
): Promise<SessionCommandsAnswer> {
  const limit = pLimit(AT_ONCE);
  const give = async (ids: readonly string[], rows: readonly CommandedSession[]) => {
    const known = new Map(rows.map((row) => [row.id, row]));
    const given = ids.map((id) => ({
      session: id,
      once: key === undefined ? undefined : onceOf(id, by.userId, key, command),
    }));
    const stored = await storedCommands(
      parts.db,
      given.flatMap(({ session, once }) => (once ? [{ session, once }] : [])),
    );
    return Promise.all(
      given.map(({ session: id, once }) =>
        limit(() => commandOne(parts, { ...by, once }, id, known.get(id), { command, stored })),
      ),
    );
  };
  const outcomes: Outcome[] = [];
  if ('sessions' in target) {
    const ids = [...new Set(target.sessions)];
    outcomes.push(...(await give(ids, await findCommanded(parts.db, ids, by))));
  } else
    for (let before: string | undefined; ;) {
      const rows = await listCommanded(parts.db, { ...target, before, limit: PAGE }, by);
      outcomes.push(
        ...(await give(
          rows.map(({ id }) => id),
          rows,
        )),
      );
      before = rows.at(-1)?.id;
      if (rows.length < PAGE) break;
    }
  return {
    done: outcomes.flatMap((one) => ('done' in one ? [one.done] : [])),
    failed: outcomes.flatMap((one) => ('failed' in one ? [one.failed] : [])),
  };
}

type Outcome = { readonly done: string } | { readonly failed: SessionCommandFailure };

async function commandOne(
  parts: CommandSessionsParts,
  by: Viewer & CommandAuthor,
  id: string,
  row: CommandedSession | undefined,
  { command, stored }: { readonly command: ManyCommand; readonly stored: ReadonlyMap<string, string | null> },
): Promise<Outcome> {
  try {
    if (!row) throw noSession();
    if (row.student_id === by.userId) throw ownSession(id);
    if (!row.seen) throw noSession(row);
    const { once } = by;
    if (once && stored.has(once.stream)) checkSameCommand(stored.get(once.stream) ?? null, once);
    else await run(parts, by, row, command);
    return { done: id };
  } catch (error) {
    const fault = inWords(error, parts.log);
    parts.refused(fault, id);
    const { code, message: detail, retryable } = fault;
    return { failed: { sessionId: id, studentName: row?.seen ? row.student_name : null, code, detail, retryable } };
  }
}

/** @throws ProtocolError as `LiveSession.command` */
async function run(
  { sessions }: CommandSessionsParts,
  by: CommandAuthor,
  { id, status }: CommandedSession,
  command: ManyCommand,
): Promise<void> {
  if (status === 'ended') throw new ProtocolError('session_over', 'session has ended');
  await sessions.ask(id, 'command', { command: { type: 'command', session: id, ...command }, by });
}

function inWords(error: unknown, log: Logger): ProtocolError {
  if (error instanceof ProtocolError) return error;
  log.error({ err: error }, 'command to one of many sessions failed');
  const words = 'the command may have taken effect, so look at the session before you repeat it';
  return isUnavailable(error)
    ? new ProtocolError('unavailable', `the database is unavailable; ${words}`, { retryable: true })
    : new ProtocolError('internal', `internal error; ${words}`, { retryable: true });
}
