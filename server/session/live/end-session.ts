import { ProtocolError } from '../../../protocol/errors.ts';
import type { SessionRegistry } from './session-registry.ts';

/**
 * Ends a session, on behalf of `by`; one that is over already is no error. Resolves when the end is committed.
 * @throws ProtocolError `session_not_live` when another process took it over meanwhile
 */
export async function endIfRunning(
  registry: SessionRegistry,
  id: string,
  by: { readonly userId: string },
): Promise<void> {
  try {
    await (await registry.open(id)).end('ended', by.userId);
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code === 'session_over')) throw error;
  }
}
