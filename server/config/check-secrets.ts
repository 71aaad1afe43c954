import { checkNewPassword } from '../auth/passwords/password-rules.ts';
import { ConfigError } from './error.ts';
import { MAKE_ONE, type ReadSecrets, type Secrets } from './secrets.ts';
import { weakKey, weakText } from './secret-strength.ts';

interface Given {
  readonly name: string;
  /** As it stands in the environment, or the bytes that it says. */
  readonly value: string | Uint8Array;
}

/** The bytes that a value can mean: as text, and decoded where it can be. */
function readings(value: string | Uint8Array): Set<string> {
  if (typeof value !== 'string') return new Set([Buffer.from(value).toString('hex')]);
  const found = new Set([Buffer.from(value).toString('hex')]);
  if (/^(?:[0-9a-f]{2}){8,}$/i.test(value)) found.add(value.toLowerCase());
  if (/^[\w+/-]{11,}={0,2}$/.test(value)) found.add(Buffer.from(value, 'base64').toString('hex'));
  return found;
}

/** One secret that is known must not be another: a token's signature would then stand for a key of pictures. */
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

/** The password of a `postgres://` URL; undefined without one. */
export function passwordOf(databaseUrl: string | undefined): string | undefined {
  const password = databaseUrl === undefined ? '' : new URL(databaseUrl).password;
  try {
    return decodeURIComponent(password) || undefined;
  } catch {
    return password;
  }
}

/** Faults of the secrets, each with the setting's name and never its value. */
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
    ...(databasePassword === undefined ? [] : [{ name: 'the password of DATABASE_URL', value: databasePassword }]),
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
 * Production does not start with a secret that can be guessed, or that is another one too. What protects the database
 * is its operator's affair, and only warned of.
 * @param unread why secrets could not be read: nothing starts with these
 * @returns `warnings`: what is to be said at the start
 * @throws ConfigError that names every fault, a line each; outside production those of `unread` only
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
    ...weak.map((fault) => `${fault}. Production does not start with it`),
    ...(password !== undefined && weakText(password) ? ['the password in DATABASE_URL can be guessed'] : []),
  ];
  return { secrets: { ...read, jwtSecret, auditKey }, warnings };
}
