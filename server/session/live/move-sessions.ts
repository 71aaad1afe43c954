import type { MovedSession } from '../../../db/move-sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { LiveSessions } from './session-acts.ts';

/** After COMMIT: consoles of both rooms, open cameras included, follow before this resolves. */
export async function followMoves(sessions: LiveSessions, moved: readonly MovedSession[]): Promise<void> {
  for (const { id, room } of moved) {
    try {
      await sessions.ask(id, 'moveTo', { room });
    } catch (error) {
      // Over meanwhile.
      if (!(error instanceof ProtocolError && error.code === 'session_over')) throw error;
    }
  }
}
