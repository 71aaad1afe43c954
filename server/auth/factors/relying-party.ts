import { isIP } from 'node:net';
import { ProtocolError } from '../../../protocol/errors.ts';

/** For whom a passkey is (WebAuthn Level 3, section 5.4.2). */
export interface RelyingParty {
  /** Host name. */
  readonly id: string;
  readonly origin: string;
}

/** Of a request, as its headers say. */
export interface PageOrigin {
  readonly origin: string;
  readonly host: string;
}

/**
 * The page that asks, which has to be one of this server's own. A browser makes and shows passkeys only for the host
 * that its page is of, and none for a bare address.
 * @throws ProtocolError `bad_origin` or `bad_request`
 */
export function relyingParty(
  isOwnOrigin: (origin: string, host: string) => boolean,
  { origin, host }: PageOrigin,
): RelyingParty {
  if (!URL.canParse(origin) || !isOwnOrigin(origin, host))
    throw new ProtocolError('bad_origin', 'passkeys are available on pages of this server only', {
      refusal: { kind: 'origin_refused' },
    });
  const { hostname } = new URL(origin);
  if (isIP(hostname.replace(/^\[|\]$/g, '')))
    throw new ProtocolError('bad_request', 'passkeys require a host name such as localhost, not an IP address');
  return { id: hostname, origin };
}
