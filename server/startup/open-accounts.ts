import type { Db } from '../../db/executor.ts';
import { failQueuedMails } from '../../db/password-resets.ts';
import { findLogins, type LoginKey, type LoginState } from '../../db/logins.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { SecurityLog } from '../audit/security/security-log.ts';
import { ApiKeys } from '../auth/keys/api-keys.ts';
import type { Caller } from '../auth/keys/caller.ts';
import { looksLikeKey } from '../auth/keys/key-text.ts';
import { authenticate, bearerOf } from '../auth/logins/authenticate.ts';
import { staleAdminSettings } from '../auth/accounts/configured-admin.ts';
import { DeviceCookies } from '../auth/logins/device-cookies.ts';
import { Passkeys } from '../auth/factors/passkeys.ts';
import { SecondFactors } from '../auth/factors/second-factors.ts';
import { SecondStep } from '../auth/factors/second-step.ts';
import { SecretSeal } from '../auth/factors/secret-seal.ts';
import { StepUp } from '../auth/factors/step-up.ts';
import { FirstAdmin } from '../auth/accounts/first-admin.ts';
import { LoginThrottle } from '../auth/throttling/login-throttle.ts';
import { Logins } from '../auth/logins/logins.ts';
import { type HashCost, Passwords } from '../auth/passwords/passwords.ts';
import { RefreshCodec } from '../auth/logins/refresh-codec.ts';
import { Registration } from '../auth/accounts/registration.ts';
import { Resets } from '../auth/passwords/resets.ts';
import { Revocations } from '../auth/logins/revocations.ts';
import { Tickets } from '../auth/tickets/tickets.ts';
import { AccessTokens } from '../auth/logins/tokens.ts';
import { Batch } from '../batch.ts';
import type { Clock, Timers } from '../clock.ts';
import { type Config, ConfigError, type Secrets } from '../config.ts';
import type { Logger } from '../log.ts';
import { Mailer } from '../mail/mailer.ts';
import type { Metrics } from '../metrics.ts';

export interface AccountParts {
  readonly db: Db;
  /** For tickets: a client that reconnects waits for nobody's login. */
  readonly urgent: Db;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly security: SecurityLog;
  /** Cost of password hashes; the default is that of production. */
  readonly hashCost?: HashCost | undefined;
}

export type Accounts = Awaited<ReturnType<typeof openAccounts>>;

/**
 * Passwords, logins, second factors and tickets, with the first admin in place.
 * @throws ConfigError for an ADMIN_PASSWORD that is too weak
 */
export async function openAccounts(config: Config, secrets: Secrets, parts: AccountParts) {
  const { db, urgent, clock, timers, log, metrics, security } = parts;
  const { secondFactorRoles, dataDir } = config;
  const passwords = new Passwords(() => metrics.passwordHashes.inc(), parts.hashCost);
  const access = new AccessTokens(secrets.jwtSecret, clock);
  const revocations = new Revocations();
  const factors = new SecondFactors(db, {
    seal: new SecretSeal(secrets.jwtSecret),
    passkeys: new Passkeys(clock),
    clock,
    security,
    requiredOf: (role) => secondFactorRoles.includes(role),
  });
  const secondStep = new SecondStep(db, factors, clock);
  const logins = new Logins(db, {
    passwords,
    access,
    codec: new RefreshCodec(secrets.jwtSecret),
    throttle: new LoginThrottle(),
    revocations,
    security,
    clock,
    lifeMs: config.loginLifeMs,
    secondStep,
  });
  const firstAdmin = new FirstAdmin(db, passwords, clock);
  const setupToken = await prepareAdmin(firstAdmin, secrets);
  const stale = secrets.admin && (await staleAdminSettings(db, passwords, secrets.admin));
  if (stale) log.warn(stale);
  const loginStates = new Batch<LoginKey, LoginState | undefined>((keys) => findLogins(db, keys));
  const apiKeys = new ApiKeys(db, { revocations, security, clock });
  const user = (authorization: string) =>
    authenticate((key) => loginStates.find(key), access, authorization, secondFactorRoles);
  const mailer = new Mailer({
    url: secrets.smtpUrl,
    from: config.mailFrom,
    clock,
    timers,
    log,
    onEnd: (result) => metrics.mails.inc({ result }),
  });
  await failQueuedMails(db, 'the server was restarted before it was sent');
  const mail = mailer.enabled ? { sender: mailer, base: (config.publicUrls[0] ?? '') + config.basePath } : undefined;
  return {
    passwords,
    revocations,
    apiKeys,
    factors,
    stepUp: new StepUp(db, factors, clock),
    secondStep,
    logins,
    registration: new Registration({ db, passwords, logins, security, open: config.selfRegistration }),
    deviceCookies: new DeviceCookies(secrets.jwtSecret, clock, config.basePath),
    mailer,
    /** Undefined: no mail is sent. */
    mail,
    resets: new Resets({
      db,
      dataDir,
      passwords,
      revocations,
      clock,
      security,
      mail,
    }),
    tickets: new Tickets(urgent, secrets.jwtSecret, clock, config.basePath),
    firstAdmin,
    /** Undefined once there is an admin. */
    setupToken,
    authenticate: user,
    /** A user, or a server with an API key. */
    caller: async (authorization: string): Promise<Caller> => {
      const token = bearerOf(authorization);
      return looksLikeKey(token) ? apiKeys.authenticate(token) : user(authorization);
    },
    signer: async (authorization: string) => {
      const token = bearerOf(authorization);
      if (!looksLikeKey(token)) return { kind: 'user', name: (await access.verify(token)).userId } as const;
      const id = apiKeys.known(token);
      return id === undefined ? undefined : ({ kind: 'key', name: id } as const);
    },
  };
}

async function prepareAdmin(firstAdmin: FirstAdmin, secrets: Secrets): Promise<string | undefined> {
  try {
    return await firstAdmin.prepare(secrets.admin);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'weak_password')
      throw new ConfigError(`ADMIN_PASSWORD: ${error.message}`);
    throw error;
  }
}
