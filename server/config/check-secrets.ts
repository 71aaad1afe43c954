import { parseDatabaseUrl } from '../../db/postgres/url.ts';
import { checkNewPassword } from '../auth/passwords/password-rules.ts';
import { ConfigError } from './error.ts';
import { MAKE_ONE, type ReadSecrets, type Secrets } from './secrets.ts';
import { weakKey, weakText } from './secret-strength.ts';

interface Given {
  readonly name: string;
  /** Text from the environment, or decoded bytes. */
  readonly value: string | Uint8Array;
}

/** All byte values of a setting: as text, and decoded where possible. */
function readings(value: string | Uint8Array): Set<string> {
  if (typeof value !== 'string') return new Set([Buffer.from(value).toString('hex')]);
  const found = new Set([Buffer.from(value).toString('hex')]);
  if (/^(?:[0-9a-f]{2}){8,}$/i.test(value)) found.add(value.toLowerCase());
  if (/^[\w+/-]{11,}={0,2}$/.test(value)) found.add(Buffer.from(value, 'base64').toString('hex'));
  return found;
}

/** A secret must not be reused as another one: a token key would then reveal the evidence key. */
function shared(all: readonly Given[]): string[] {
  const read = all.map(({ name, value }) => ({ name, readings: readings(value) }));
  return read.flatMap((one, index) =>
    read
      .slice(index + 1)
      .flatMap((other) =>
        [...one.readings].some((bytes) => other.readings.has(bytes))
          ? [`${one.name} and ${other.name} are the same secret: make one for each`]
          : [],
      ),
  );
}

function passwordFault({ email, password }: { readonly email: string; readonly password: string }): string | undefined {
  try {
    checkNewPassword(password, { email }, 'ADMIN_PASSWORD');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Password in a `postgres://` URL, if any. */
const passwordOf = (databaseUrl: string | undefined): string | undefined =>
  databaseUrl === undefined ? undefined : parseDatabaseUrl(databaseUrl)?.password;

/** Faults of the secrets, each with the setting's name and without its value. */
function faultsOf({ jwtSecret, auditKey, evidenceKey, admin, databaseUrl, metricsToken }: ReadSecrets): string[] {
  const databasePassword = passwordOf(databaseUrl);
  const [jwt, audit, evidence, metrics] = [
    jwtSecret === undefined ? undefined : weakText(jwtSecret),
    auditKey && weakKey(auditKey),
    evidenceKey && weakKey(evidenceKey),
    metricsToken === undefined ? undefined : weakText(metricsToken),
  ];
  const password = admin && passwordFault(admin);
  const all: Given[] = [
    ...(jwtSecret === undefined ? [] : [{ name: 'JWT_SECRET', value: jwtSecret }]),
    ...(auditKey ? [{ name: 'AUDIT_KEY', value: auditKey }] : []),
    ...(evidenceKey ? [{ name: 'EVIDENCE_KEY', value: evidenceKey }] : []),
    ...(metricsToken === undefined ? [] : [{ name: 'METRICS_TOKEN', value: metricsToken }]),
    ...(admin ? [{ name: 'ADMIN_PASSWORD', value: admin.password }] : []),
    ...(databasePassword === undefined ? [] : [{ name: 'the password of the database', value: databasePassword }]),
  ];
  return [
    ...(jwt === undefined ? [] : [`JWT_SECRET ${jwt}: ${MAKE_ONE}`]),
    ...(audit === undefined ? [] : [`AUDIT_KEY ${audit}: ${MAKE_ONE}`]),
    ...(evidence === undefined ? [] : [`EVIDENCE_KEY ${evidence}: ${MAKE_ONE}`]),
    ...(metrics === undefined ? [] : [`METRICS_TOKEN ${metrics}: ${MAKE_ONE}`]),
    ...(password === undefined ? [] : [`ADMIN_PASSWORD: ${password}`]),
    ...shared(all),
  ];
}

/**
 * Refuses guessable and reused secrets in production. The database password is the operator's responsibility and causes
 * a warning only.
 * @param unread faults of unreadable secrets, which always prevent the start
 * @returns `warnings` to be logged at start
 * @throws ConfigError with all faults, one per line; outside production those in `unread` only
 */
export function checkSecrets(
  read: ReadSecrets,
  unread: readonly string[],
  production: boolean,
): { secrets: Secrets; warnings: string[] } {
  const weak = faultsOf(read);
  const refused = [...unread, ...(production ? weak : [])];
  const { jwtSecret, auditKey } = read;
  if (refused.length > 0 || jwtSecret === undefined || auditKey === undefined)
    throw new ConfigError(refused.join('\n'));
  const password = passwordOf(read.databaseUrl);
  const warnings = [
    ...weak.map((fault) => `${fault}. Refused in production`),
    ...(password !== undefined && weakText(password) ? ['the password of the database is guessable'] : []),
  ];
  return { secrets: { ...read, jwtSecret, auditKey }, warnings };
}
