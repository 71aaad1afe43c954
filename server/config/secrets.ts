import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { securePrivateFile, securePrivateFolder } from '../folders/private-folder.ts';
import { ConfigError } from './error.ts';

export const secretSettings = z.object({
  JWT_SECRET: z.string().optional(),
  EVIDENCE_KEY: z.string().optional(),
  AUDIT_KEY: z.string().optional(),
  METRICS_TOKEN: z.string().optional(),
  ADMIN_EMAIL: z.email().optional(),
  ADMIN_PASSWORD: z.string().optional(),
});

/** Kept apart, so that logging the configuration can never log one of these. */
export interface Secrets {
  readonly databaseUrl: string | undefined;
  readonly jwtSecret: string;
  /** Wraps the keys of the sessions' pictures, 32 bytes; undefined: none is kept. */
  readonly evidenceKey: Uint8Array | undefined;
  /** Signs the audit log's checkpoints: seed of an Ed25519 key, 32 bytes. */
  readonly auditKey: Uint8Array;
  /** Lets monitoring read `/metrics` and the details of `/health`. */
  readonly metricsToken: string | undefined;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
}

/** As far as they could be read. */
export type ReadSecrets = { readonly [Name in keyof Secrets]: Secrets[Name] | undefined };

/** How an operator gets a secret; ends a message about one. */
export const MAKE_ONE = 'make one with: openssl rand -base64 32';

const MIN_SECRET = 32;
const MIN_TOKEN = 16;
const MIN_PASSWORD = 8;
const KEY_BYTES = 32;

/** What an earlier start made, or a new one: 32 random bytes, base64url. */
function madeSecret(dataDir: string, name: string): { readonly path: string; readonly value: string } {
  const path = join(dataDir, name);
  // Before it is read: whoever can write there has chosen it.
  securePrivateFolder({ setting: 'DATA_DIR', path: dataDir });
  if (existsSync(path)) {
    securePrivateFile(path);
    return { path, value: readFileSync(path, 'utf8') };
  }
  const value = randomBytes(32).toString('base64url');
  writeFileSync(path, value, { mode: 0o600, flag: 'wx' });
  return { path, value };
}

function jwtSecret(given: string | undefined, production: boolean, dataDir: string): string {
  if (given !== undefined) {
    if (given.length < MIN_SECRET)
      throw new ConfigError(`JWT_SECRET must have at least ${MIN_SECRET} characters: ${MAKE_ONE}`);
    return given;
  }
  if (production) throw new ConfigError(`JWT_SECRET is not set; production does not start without one: ${MAKE_ONE}`);
  const { path, value } = madeSecret(dataDir, 'jwt-secret');
  if (value.length < MIN_SECRET)
    throw new ConfigError(`${path} holds no valid secret: remove it to generate a new one`);
  return value;
}

/** 64 hexadecimal digits, or base64 of either alphabet. */
function keyOf(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const key = /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  return key?.byteLength === KEY_BYTES ? key : undefined;
}

/** None in production means that no picture is kept: whether a policy wants any cannot be known at the start. */
function evidenceKey(given: string | undefined, production: boolean, dataDir: string): Uint8Array | undefined {
  return given === undefined && production ? undefined : givenOrMade('EVIDENCE_KEY', given, dataDir, 'evidence-key');
}

/** Production makes none up: a log whose key went with its container proves nothing. */
function auditKey(given: string | undefined, production: boolean, dataDir: string): Uint8Array {
  if (given === undefined && production)
    throw new ConfigError(`AUDIT_KEY is not set; production does not start without one: ${MAKE_ONE}`);
  return givenOrMade('AUDIT_KEY', given, dataDir, 'audit-key');
}

/**
 * A bad one is not replaced by itself: what was stored under it could never be read again, what it signed never be told
 * from a forgery.
 */
function givenOrMade(name: string, given: string | undefined, dataDir: string, file: string): Uint8Array {
  const made = given === undefined ? madeSecret(dataDir, file) : undefined;
  const key = keyOf(given ?? made?.value ?? '');
  if (!key)
    throw new ConfigError(
      made
        ? `${made.path} does not hold a key of ${KEY_BYTES} bytes`
        : `${name} must be ${KEY_BYTES} bytes, in base64 or as ${2 * KEY_BYTES} hexadecimal digits: ${MAKE_ONE}`,
    );
  return key;
}

function metricsToken(given: string | undefined): string | undefined {
  if (given !== undefined && given.length < MIN_TOKEN)
    throw new ConfigError(`METRICS_TOKEN must have at least ${MIN_TOKEN} characters: ${MAKE_ONE}`);
  return given;
}

function adminOf(email: string | undefined, password: string | undefined): Secrets['admin'] {
  if ((email === undefined) !== (password === undefined))
    throw new ConfigError('ADMIN_EMAIL and ADMIN_PASSWORD must be set together');
  if (password !== undefined && password.length < MIN_PASSWORD)
    throw new ConfigError(`ADMIN_PASSWORD must have at least ${MIN_PASSWORD} characters`);
  return email !== undefined && password !== undefined ? { email: email.toLowerCase(), password } : undefined;
}

/**
 * Reads all of them before any is refused, so that an operator hears of every fault at once. `faults`: why one could
 * not be read, never its value.
 */
export function readSecrets(
  env: z.output<typeof secretSettings>,
  production: boolean,
  dataDir: string,
): { read: Omit<ReadSecrets, 'databaseUrl'>; faults: string[] } {
  const faults: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // One folder that cannot be used is in the way of several.
      if (!faults.includes(error.message)) faults.push(error.message);
      return undefined;
    }
  };
  const read = {
    jwtSecret: attempt(() => jwtSecret(env.JWT_SECRET, production, dataDir)),
    auditKey: attempt(() => auditKey(env.AUDIT_KEY, production, dataDir)),
    evidenceKey: attempt(() => evidenceKey(env.EVIDENCE_KEY, production, dataDir)),
    metricsToken: attempt(() => metricsToken(env.METRICS_TOKEN)),
    admin: attempt(() => adminOf(env.ADMIN_EMAIL, env.ADMIN_PASSWORD)),
  };
  return { read, faults };
}
