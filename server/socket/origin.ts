import type { Edge } from '../http/edge/edge.ts';
import { ProtocolError } from '../../protocol/errors.ts';

/**
 * Rule C4. A browser always names the page's origin; it must be the server's own, or on the list. `null` and what is no
 * URL is foreign.
 * @throws ProtocolError `bad_origin`
 */
export function checkOrigin(
  origin: string,
  host: string,
  { hosts, faults }: Pick<Edge, 'hosts' | 'faults'>,
  allowed: readonly string[],
): void {
  if (origin === '' || allowed.includes(origin) || hosts.isOwnOrigin(origin, host)) return;
  faults.origin(origin, host);
  throw new ProtocolError('bad_origin', 'origin not allowed', {
    refusal: { kind: 'origin_refused' },
  });
}
