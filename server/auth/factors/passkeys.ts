import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  type AuthenticationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers';
import type { z } from 'zod';
import type { SecondFactorRow } from '../../../db/second-factors.ts';
import type { UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { PasskeyAssertion, PasskeyRegistration } from '../../../protocol/http/second-factors.ts';
import type { Clock } from '../../clock.ts';
import { Expiring } from './expiring.ts';
import type { RelyingParty } from './relying-party.ts';

const CHALLENGE_MS = 5 * 60_000;
const MOST_CHALLENGES = 10_000;
/** EdDSA, ES256, RS256 (IANA COSE algorithms). */
const ALGORITHMS = [-8, -7, -257];

const refused = (cause?: unknown) => new ProtocolError('bad_second_factor', 'passkey not accepted', { cause });

/** A registered passkey, as stored. */
export interface NewPasskey {
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
}

/** WebAuthn ceremonies. A challenge is single use and bound to a login or a pending login. */
export class Passkeys {
  readonly #challenges: Expiring<string>;

  constructor(clock: Clock) {
    this.#challenges = new Expiring(clock, CHALLENGE_MS, MOST_CHALLENGES);
  }

  async creationOptions(
    user: UserRow,
    known: readonly SecondFactorRow[],
    party: RelyingParty,
    whose: string,
  ): Promise<Record<string, unknown>> {
    const options = await generateRegistrationOptions({
      rpName: 'Invigil',
      rpID: party.id,
      userName: user.email,
      userDisplayName: user.name,
      userID: Uint8Array.from(Buffer.from(user.id.replaceAll('-', ''), 'hex')),
      timeout: CHALLENGE_MS,
      attestationType: 'none',
      excludeCredentials: known.flatMap(({ credential_id: id, transports }) =>
        id === null ? [] : [{ id, transports }],
      ),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    this.#challenges.set(`create ${whose}`, options.challenge);
    return { ...options };
  }

  /** @throws ProtocolError `bad_second_factor` */
  async created(
    response: z.output<typeof PasskeyRegistration>,
    party: RelyingParty,
    whose: string,
  ): Promise<NewPasskey> {
    const challenge = this.#challenges.take(`create ${whose}`);
    if (challenge === undefined) throw refused();
    try {
      checkAttestation(response.response.attestationObject);
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: response as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: false,
        supportedAlgorithmIDs: ALGORITHMS,
      });
      if (!verified) throw refused();
      const { id, publicKey, counter } = registrationInfo.credential;
      return { credentialId: id, publicKey, counter, transports: response.response.transports ?? [] };
    } catch (cause) {
      throw cause instanceof ProtocolError ? cause : refused(cause);
    }
  }

  /** @returns null if no passkey of the user is for this host */
  async requestOptions(
    factors: readonly SecondFactorRow[],
    party: RelyingParty,
    whose: string,
  ): Promise<Record<string, unknown> | null> {
    const here = factors.filter(({ rp_id }) => rp_id === party.id);
    if (here.length === 0) return null;
    const options = await generateAuthenticationOptions({
      rpID: party.id,
      allowCredentials: here.map(({ credential_id, transports }) => ({ id: credential_id ?? '', transports })),
      timeout: CHALLENGE_MS,
      userVerification: 'preferred',
    });
    this.#challenges.set(`get ${whose}`, options.challenge);
    return { ...options };
  }

  /** @returns the passkey's new signature counter. @throws ProtocolError `bad_second_factor` */
  async proven(
    response: z.output<typeof PasskeyAssertion>,
    factor: SecondFactorRow,
    party: RelyingParty,
    whose: string,
  ): Promise<number> {
    const challenge = this.#challenges.take(`get ${whose}`);
    if (challenge === undefined || factor.credential_id !== response.id || factor.rp_id !== party.id) throw refused();
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: response as unknown as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        credential: {
          id: factor.credential_id,
          publicKey: Uint8Array.from(factor.secret),
          counter: Number(factor.counter),
        },
        requireUserVerification: false,
      });
      if (!verified) throw refused();
      return authenticationInfo.newCounter;
    } catch (cause) {
      throw cause instanceof ProtocolError ? cause : refused(cause);
    }
  }
}

/**
 * No attestation is requested. Certificates of one sent anyway are not checked, since that could fetch revocation lists
 * from URLs they name.
 */
function checkAttestation(attestationObject: string): void {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const fmt = decoded.get('fmt');
  if (fmt !== 'none' && !(fmt === 'packed' && decoded.get('attStmt').get('x5c') === undefined)) throw refused();
}
