import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import type { Db, Executor } from '../../../db/executor.ts';
import {
  advanceCounter,
  countRecoveryCodes,
  deleteSecondFactor,
  deleteSecondFactorsOf,
  deleteUnconfirmed,
  findSecondFactor,
  hasProvenDevice,
  hasSecondFactor,
  insertSecondFactor,
  listSecondFactors,
  lockFactorsOf,
  markFactorUsed,
  markProven,
  markUnproven,
  renameSecondFactor,
  replaceRecoveryCodes,
  type SecondFactorRow,
  useRecoveryCode,
} from '../../../db/second-factors.ts';
import { findUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Role } from '../../../protocol/http/accounts.ts';
import type {
  AddedFactor,
  PasskeyRegistration,
  ProofMethod,
  ProofOptions,
  SecondFactor,
  SecondFactorList,
  SecondFactorProof,
  TotpSetup,
} from '../../../protocol/http/second-factors.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import type { Clock } from '../../clock.ts';
import type { Passkeys } from './passkeys.ts';
import { type ProofSource, ProofThrottle } from './proof-throttle.ts';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts';
import type { RelyingParty } from './relying-party.ts';
import type { SecretSeal } from './secret-seal.ts';
import { newTotpSecret, stepOfCode, totpSetup } from './totp.ts';

/** Maximum per account: several devices, with a bound on lookups. */
const MOST_FACTORS = 10;

export interface SecondFactorParts {
  readonly seal: SecretSeal;
  readonly passkeys: Passkeys;
  readonly clock: Clock;
  readonly security: Pick<SecurityLog, 'record'>;
  /** Roles that require a second factor. */
  readonly requiredOf: (role: Role) => boolean;
}

/** User of the login. */
export interface LoginOf {
  readonly userId: string;
  readonly loginId: string;
  readonly role: Role;
}

/** Source of a proof; `party` is called for passkeys only, since it may throw. */
export interface ProofFrom {
  /** The login or pending login to which a passkey challenge is bound. */
  readonly whose: string;
  readonly party: () => RelyingParty;
  readonly address: string;
  /** Set if a second factor was verified in this login before. */
  readonly provenLogin?: string | undefined;
  /** Key of the request's device cookie for this account, if any. */
  readonly deviceKey?: Uint8Array | undefined;
}

const viewOf = ({ id, kind, name, created_at, last_used_at }: SecondFactorRow): SecondFactor => ({
  id,
  kind,
  name,
  createdAt: created_at.toISOString(),
  lastUsedAt: last_used_at?.toISOString() ?? null,
});

const wrong = () => new ProtocolError('bad_second_factor', 'the code is wrong or was already used');
/** Owner of the factor, for the audit log, also without a login. */
const namedTo = (userId: string, error: unknown) =>
  error instanceof ProtocolError && error.code === 'bad_second_factor'
    ? new ProtocolError(error.code, error.message, {
        refusal: { kind: 'second_factor_failed', actor: userId, target: userId },
        cause: error,
      })
    : error;
const noSuch = () => new ProtocolError('not_found', 'second factor not found');

/** Second factors: codes of an authenticator app (TOTP), passkeys, and recovery codes. */
export class SecondFactors {
  readonly #db: Db;
  readonly #parts: SecondFactorParts;
  readonly #throttle = new ProofThrottle();

  constructor(db: Db, parts: SecondFactorParts) {
    this.#db = db;
    this.#parts = parts;
  }

  has(userId: string): Promise<boolean> {
    return hasSecondFactor(this.#db, userId);
  }

  async list({ userId, role }: LoginOf): Promise<SecondFactorList> {
    const items = await listSecondFactors(this.#db, userId);
    return {
      items: items.map(viewOf),
      recoveryCodes: await countRecoveryCodes(this.#db, userId),
      required: this.#parts.requiredOf(role),
    };
  }

  /** Methods available to a user, with passkey options; `party` undefined: no passkeys on this page. */
  async options(userId: string, whose: string, party: RelyingParty | undefined): Promise<ProofOptions> {
    const factors = await listSecondFactors(this.#db, userId);
    const passkey = party ? await this.#parts.passkeys.requestOptions(factors, party, whose) : null;
    // The first is offered first: passkeys resist phishing.
    const methods: ProofMethod[] = passkey ? ['passkey'] : [];
    if (factors.some(({ kind }) => kind === 'totp')) methods.push('totp');
    if (factors.length > 0) methods.push('recovery');
    return { methods: factors.length === 0 ? ['password'] : methods, passkey };
  }

  /** Each code and each passkey response is single use. @throws ProtocolError `bad_second_factor` or `rate_limited` */
  async prove(userId: string, proof: SecondFactorProof, from: ProofFrom): Promise<void> {
    try {
      // A signature cannot be guessed, so wrong codes do not block the owner's passkey.
      if (proof.passkey) return await this.#provePasskey(userId, proof.passkey, from);
      const right = this.#throttle.begin(
        userId,
        proof.code === undefined ? 'recovery' : 'code',
        await this.#sourceOf(userId, from),
      );
      if (proof.code !== undefined) await this.#proveCode(userId, proof.code);
      else await this.#proveRecovery(userId, proof.recoveryCode ?? '', from.address);
      right();
    } catch (error) {
      throw namedTo(userId, error);
    }
  }

  /**
   * Creates a secret for an authenticator app, effective once a code of it is confirmed. Replaces an unconfirmed one.
   */
  async offerTotp(userId: string, name: string): Promise<TotpSetup> {
    const id = uuidv7();
    const secret = newTotpSecret();
    const user = await this.#userWithRoom(userId);
    await this.#db.transaction().execute(async (tx) => {
      await lockFactorsOf(tx, userId);
      await deleteUnconfirmed(tx, userId);
      const created_at = new Date(this.#parts.clock());
      await insertSecondFactor(tx, {
        id,
        user_id: userId,
        kind: 'totp',
        name,
        created_at,
        confirmed_at: null,
        secret: this.#parts.seal.seal(secret, id),
        counter: 0,
        credential_id: null,
        rp_id: null,
        transports: [],
      });
    });
    return { id, ...totpSetup(secret, user.email) };
  }

  /** @throws ProtocolError `not_found`, `bad_second_factor` or `rate_limited` */
  async confirmTotp(who: LoginOf, id: string, code: string, address: string): Promise<AddedFactor> {
    const factor = await findSecondFactor(this.#db, who.userId, id);
    if (!factor || factor.kind !== 'totp' || factor.confirmed_at) throw noSuch();
    // The secret was shown to this login, so there is nothing to guess.
    const right = this.#throttle.begin(who.userId, 'code', { address, proven: `set-up ${who.loginId}` });
    const step = this.#stepOf(factor, code);
    if (step === undefined) throw namedTo(who.userId, wrong());
    right();
    return this.#added(who, id, address, (tx, at) => advanceCounter(tx, id, step, at));
  }

  async passkeyOptions({ userId, loginId }: LoginOf, party: RelyingParty): Promise<Record<string, unknown>> {
    const user = await this.#userWithRoom(userId);
    return this.#parts.passkeys.creationOptions(user, await listSecondFactors(this.#db, userId), party, loginId);
  }

  /** @throws ProtocolError `bad_second_factor` or `second_factor_exists` */
  async addPasskey(
    who: LoginOf,
    name: string,
    response: z.output<typeof PasskeyRegistration>,
    party: RelyingParty,
    address: string,
  ): Promise<AddedFactor> {
    await this.#userWithRoom(who.userId);
    const { credentialId, publicKey, counter, transports } = await this.#parts.passkeys.created(
      response,
      party,
      who.loginId,
    );
    const id = uuidv7();
    return this.#added(who, id, address, (tx, at) =>
      insertSecondFactor(tx, {
        id,
        user_id: who.userId,
        kind: 'passkey',
        name,
        created_at: at,
        confirmed_at: at,
        secret: publicKey,
        counter,
        credential_id: credentialId,
        rp_id: party.id,
        transports: [...transports],
      }),
    );
  }

  /** @throws ProtocolError `not_found` */
  async rename(userId: string, id: string, name: string): Promise<SecondFactor> {
    const renamed = await renameSecondFactor(this.#db, userId, id, name);
    if (!renamed) throw noSuch();
    return viewOf(renamed);
  }

  /** Removing the last factor removes the recovery codes. @throws ProtocolError `not_found` */
  async remove({ userId }: LoginOf, id: string, address: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await lockFactorsOf(tx, userId);
      if (!(await deleteSecondFactor(tx, userId, id))) throw noSuch();
      if (await hasSecondFactor(tx, userId)) return;
      await deleteSecondFactorsOf(tx, userId);
      await markUnproven(tx, userId);
    });
    this.#parts.security.record({ kind: 'second_factor_removed', actor: userId, target: userId, address });
  }

  /** Replaces earlier codes. @throws ProtocolError `not_found` without a factor */
  async renewRecoveryCodes(userId: string): Promise<string[]> {
    return this.#db.transaction().execute(async (tx) => {
      await lockFactorsOf(tx, userId);
      if (!(await hasSecondFactor(tx, userId)))
        throw new ProtocolError('not_found', 'recovery codes require a second factor');
      return newCodes(tx, userId);
    });
  }

  async #userWithRoom(userId: string): Promise<UserRow> {
    const user = await findUser(this.#db, userId);
    if (!user) throw new ProtocolError('unauthenticated', 'account no longer exists');
    if ((await listSecondFactors(this.#db, userId)).length >= MOST_FACTORS)
      throw new ProtocolError('second_factor_exists', `at most ${MOST_FACTORS} second factors; remove one first`);
    return user;
  }

  /** Adding a factor counts as verifying it; the first one comes with recovery codes. */
  async #added(
    { userId, loginId }: LoginOf,
    id: string,
    address: string,
    add: (tx: Executor, at: Date) => Promise<boolean>,
  ): Promise<AddedFactor> {
    const added = await this.#db.transaction().execute(async (tx) => {
      const at = new Date(this.#parts.clock());
      await lockFactorsOf(tx, userId);
      const first = !(await hasSecondFactor(tx, userId));
      if (!(await add(tx, at)))
        throw new ProtocolError('second_factor_exists', 'this second factor is already registered');
      await markProven(tx, loginId, at);
      const factor = await findSecondFactor(tx, userId, id);
      return { factor: viewOf(factor!), recoveryCodes: first ? await newCodes(tx, userId) : null };
    });
    this.#parts.security.record({ kind: 'second_factor_added', actor: userId, target: userId, address });
    return added;
  }

  async #sourceOf(userId: string, { address, provenLogin, deviceKey }: ProofFrom): Promise<ProofSource> {
    if (provenLogin !== undefined) return { address, proven: `login ${provenLogin}` };
    const isKnown = deviceKey !== undefined && (await hasProvenDevice(this.#db, userId, deviceKey));
    return { address, proven: isKnown ? `device ${Buffer.from(deviceKey).toString('hex')}` : undefined };
  }

  #stepOf(factor: SecondFactorRow, code: string): number | undefined {
    const secret = this.#parts.seal.open(factor.secret, factor.id);
    return secret && stepOfCode(secret, code, this.#parts.clock());
  }

  async #proveCode(userId: string, code: string): Promise<void> {
    const at = new Date(this.#parts.clock());
    for (const factor of await listSecondFactors(this.#db, userId)) {
      const step = factor.kind === 'totp' ? this.#stepOf(factor, code) : undefined;
      if (step !== undefined && (await advanceCounter(this.#db, factor.id, step, at))) return;
    }
    throw wrong();
  }

  async #proveRecovery(userId: string, code: string, address: string): Promise<void> {
    if (!(await useRecoveryCode(this.#db, userId, recoveryCodeHash(code)))) throw wrong();
    this.#parts.security.record({ kind: 'recovery_code_used', actor: userId, target: userId, address });
  }

  async #provePasskey(
    userId: string,
    response: NonNullable<SecondFactorProof['passkey']>,
    { whose, party }: ProofFrom,
  ): Promise<void> {
    const factor = (await listSecondFactors(this.#db, userId)).find(
      ({ credential_id }) => credential_id === response.id,
    );
    if (!factor) throw new ProtocolError('bad_second_factor', 'passkey not accepted');
    const counter = await this.#parts.passkeys.proven(response, factor, party(), whose);
    const at = new Date(this.#parts.clock());
    // Most synchronised passkeys do not count: always 0.
    if (counter === 0) await markFactorUsed(this.#db, factor.id, at);
    else if (!(await advanceCounter(this.#db, factor.id, counter, at)))
      throw new ProtocolError('bad_second_factor', 'passkey not accepted');
  }
}

async function newCodes(tx: Executor, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await replaceRecoveryCodes(tx, userId, codes.map(recoveryCodeHash));
  return codes;
}
