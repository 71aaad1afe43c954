import { ProtocolError } from '../../../protocol/errors.ts';
import type { LiveSessions } from './session-acts.ts';

/**
 * Ends a session, on behalf of `by`; one that is over already is no error. Resolves when the end is committed.
 * @throws ProtocolError `session_not_live` when another process took it over meanwhile
 */
export async function endIfRunning(sessions: LiveSessions, id: string, by: { readonly userId: string }): Promise<void> {
  try {
    await sessions.ask(id, 'end', { by: by.userId });
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code === 'session_over')) throw error;
  }
}
