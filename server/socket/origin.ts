import { ProtocolError } from '../../protocol/errors.ts';

/**
 * Rule C4. A browser always names the page's origin; it must be the one it talks to, or on the list.
 * @throws ProtocolError `bad_origin`
 */
export function checkOrigin(origin: string, host: string, allowed: readonly string[]): void {
  if (origin === '' || allowed.includes(origin)) return;
  let sameHost = false;
  try {
    sameHost = new URL(origin).host === host;
  } catch {
    // `null`, or no URL at all: an opaque origin is a foreign one.
  }
  if (!sameHost) throw new ProtocolError('bad_origin', 'pages of this origin may not connect', { refusal: { kind: 'origin_refused' } });
}
