import { ProtocolError } from '../../protocol/errors.ts';
import type { Registry } from './registry.ts';

/**
 * Ends a session; one that is over already is no error. Resolves when the end is committed.
 * @throws ProtocolError `session_not_live` when another process took it over meanwhile
 */
export async function endIfRunning(registry: Registry, id: string): Promise<void> {
  try {
    await (await registry.open(id)).end('ended');
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code === 'session_over')) throw error;
  }
}
