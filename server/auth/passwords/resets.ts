import type { Db } from '../../../db/executor.ts';
import { endLoginsOf } from '../../../db/logins.ts';
import {
  deletePasswordResetsOf,
  findPasswordReset,
  markMailed,
  putPasswordResets,
  takePasswordReset,
} from '../../../db/password-resets.ts';
import { deleteSecondFactorsOf } from '../../../db/second-factors.ts';
import { findUser, findUserByEmail, lockUser, updatePasswordHash, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { LinkKind, MadeLink, MailState } from '../../../protocol/http/passwords.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import type { Clock } from '../../clock.ts';
import { linkMail } from '../../mail/link-mail.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { checkNewPassword } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { findResetFile, removeResetFile, removeResetFilesOf } from './reset-files.ts';
import type { Revocations } from '../logins/revocations.ts';
import { TokenGuesses } from '../throttling/token-guesses.ts';
import { isRandomToken, randomToken, tokenHash } from '../logins/tokens.ts';

/** Validity of a link, ms; it is sent by mail or handed over. */
export const RESET_MS = 24 * 3600_000;
const INVITATION_MS = 14 * RESET_MS;

export type LinkUser = Pick<UserRow, 'id' | 'name' | 'email'>;

interface LinkOptions {
  readonly kind: LinkKind;
  /** By mail, if the server sends any. */
  readonly send: boolean;
  readonly removeFactors?: boolean;
}

interface MadeLinkOf {
  readonly user: LinkUser;
  readonly token: string;
  readonly expiresAt: Date;
  readonly mail: MailState;
}

export interface ResetParts {
  readonly db: Db;
  readonly dataDir: string;
  readonly passwords: Passwords;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly security: Pick<SecurityLog, 'record'>;
  /** Undefined: no mail is sent. `base`: what the path of a link is appended to. */
  readonly mail?: { readonly sender: Pick<Mailer, 'send'>; readonly base: string } | undefined;
}

const closed = () =>
  new ProtocolError('reset_closed', 'the link has been used, has expired or was replaced', {
    refusal: { kind: 'reset_refused' },
  });

/** Path of the link of a token. */
export const resetPathOf = (token: string): string => `/account#reset=${token}`;

/** A link as shown once, to its creator. @param basePath path prefix of the server; empty: none */
export const madeLinkView = ({ user, token, expiresAt, mail }: MadeLinkOf, basePath: string): MadeLink => ({
  userId: user.id,
  name: user.name,
  email: user.email,
  path: basePath + resetPathOf(token),
  expiresAt: expiresAt.toISOString(),
  mail,
});

/** One-time links for setting a password, created by an admin or the command. */
export class Resets {
  readonly #parts: ResetParts;
  readonly #guesses = new TokenGuesses();

  constructor(parts: ResetParts) {
    this.#parts = parts;
  }

  /**
   * Creates a link for each account, in place of its earlier one, and sends mails in the background.
   * @param to enabled accounts, each once
   */
  async make(
    by: { readonly userId: string; readonly address: string },
    to: readonly LinkUser[],
    { kind, send, removeFactors = false }: LinkOptions,
  ): Promise<MadeLinkOf[]> {
    const { db, clock, security, mail } = this.#parts;
    const now = clock();
    const expiresAt = new Date(now + (kind === 'reset' ? RESET_MS : INVITATION_MS));
    const isSent = send && mail !== undefined;
    const links = to.map((user) => ({ user, token: randomToken() }));
    await putPasswordResets(
      db,
      links.map(({ user, token }) => ({
        token_hash: tokenHash(token),
        user_id: user.id,
        made_by: by.userId,
        expires_at: expiresAt,
        remove_factors: removeFactors,
        kind,
        created_at: new Date(now),
        mail: isSent ? 'queued' : 'off',
      })),
    );
    for (const { user, token } of links) {
      security.record({
        kind: 'reset_link_made',
        actor: by.userId,
        target: user.id,
        address: by.address,
        staff: true,
      });
      if (isSent)
        mail.sender.send(linkMail({ to: user, kind, link: mail.base + resetPathOf(token), expiresAt }), (error) =>
          markMailed(db, tokenHash(token), error),
        );
    }
    return links.map(({ user, token }) => ({ user, token, expiresAt, mail: isSent ? 'queued' : 'off' }));
  }

  /**
   * Account of a link, which stays unused.
   * @throws ProtocolError `reset_closed`, `account_disabled` or `rate_limited`
   */
  async accountOf(token: string, address: string): Promise<UserRow> {
    if (!isRandomToken(token)) throw closed();
    this.#guesses.take(address);
    const user = await this.#ownerOf(tokenHash(token));
    if (!user) throw closed();
    if (user.disabled_at) throw new ProtocolError('account_disabled', 'account is disabled');
    return user;
  }

  /**
   * Sets the password and ends all logins. A refused password does not use up the link.
   * @throws ProtocolError `reset_closed`, `weak_password`, `account_disabled` or `rate_limited`
   */
  async redeem(token: string, newPassword: string, address: string): Promise<void> {
    const { db, dataDir, passwords, revocations, clock, security } = this.#parts;
    const user = await this.accountOf(token, address);
    const hash = tokenHash(token);
    checkNewPassword(newPassword, user, 'body.newPassword');
    const passwordHash = await passwords.hash(newPassword, { share: 'account', address, account: user.email });
    const { ended, removed } = await db.transaction().execute(async (tx) => {
      // A concurrent request with the same link waits here and finds it used.
      await lockUser(tx, user.id);
      const now = clock();
      const stored = await takePasswordReset(tx, hash, new Date(now));
      const file = stored ? undefined : await findResetFile(dataDir, hash, now);
      if (!stored && (!file || !(await removeResetFile(dataDir, hash)))) throw closed();
      await updatePasswordHash(tx, user.id, passwordHash);
      await deletePasswordResetsOf(tx, user.id);
      const factors = stored?.remove_factors || file?.removeFactors ? await deleteSecondFactorsOf(tx, user.id) : 0;
      return { ended: await endLoginsOf(tx, user.id, new Date(now)), removed: factors };
    });
    await removeResetFilesOf(dataDir, user.email);
    for (const login of ended) revocations.loginEnded(login);
    security.record({ kind: 'password_reset', actor: user.id, target: user.id, address });
    if (removed > 0) security.record({ kind: 'second_factor_removed', actor: user.id, target: user.id, address });
  }

  /** Account of a valid link. */
  async #ownerOf(hash: Buffer): Promise<UserRow | undefined> {
    const { db, dataDir, clock } = this.#parts;
    const stored = await findPasswordReset(db, hash);
    if (stored) return stored.expires_at.getTime() > clock() ? findUser(db, stored.user_id) : undefined;
    const file = await findResetFile(dataDir, hash, clock());
    return file && findUserByEmail(db, file.email);
  }
}
