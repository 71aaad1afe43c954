import { isIP } from 'node:net';
import { ProtocolError } from '../../../protocol/errors.ts';

/** Relying party of a passkey (WebAuthn Level 3, section 5.4.2). */
export interface RelyingParty {
  /** Host name. */
  readonly id: string;
  readonly origin: string;
}

/** Origin and host of a request, from its headers. */
export interface PageOrigin {
  readonly origin: string;
  readonly host: string;
}

/**
 * Relying party of the requesting page, which must be an own page. Browsers create and use passkeys only for the host
 * of their page, and not for an IP address.
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
