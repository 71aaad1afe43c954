import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { BlockList } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { addedFolders } from '../models/folders.ts';
import { parseNetworks } from './http/client-address.ts';
import { openFileLimit } from './http/open-files.ts';

/** The environment does not make a configuration: says which name and why, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad_config';
}

export interface Config {
  readonly production: boolean;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly dataDir: string;
  /** Folder of the encrypted pictures of incidents. */
  readonly evidenceDir: string;
  /** Folder of the audit log's checkpoints: outside the database. */
  readonly auditDir: string;
  /** Origins besides the server's own that may open sockets and call the API from a browser. */
  readonly allowedOrigins: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: BlockList;
  readonly limits: Limits;
  readonly models: { readonly folders: readonly string[]; readonly face: string; readonly gaze: string };
  readonly inferenceThreads: number;
  /** Most that may wait for the database before signals are held. */
  readonly backlogBytes: number;
  readonly logLevel: string;
  /** Folder of the built pages. */
  readonly pages: string;
  /** Time over which sockets are closed when the server stops, ms. */
  readonly drainMs: number;
}

/** Before anybody is authenticated; 0: no limit. */
export interface Limits {
  /** TCP connections at once. */
  readonly connections: number;
  /** New ones of one address within 10 s. */
  readonly connectionsPerAddress: number;
  /** Sockets of one address at once. */
  readonly socketsPerAddress: number;
}

/** Kept apart, so that logging the configuration can never log one of these. */
export interface Secrets {
  readonly databaseUrl: string | undefined;
  readonly jwtSecret: string;
  /** Wraps the keys of the sessions' pictures, 32 bytes; undefined: none is kept. */
  readonly evidenceKey: Uint8Array | undefined;
  /** Signs the audit log's checkpoints: seed of an Ed25519 key, 32 bytes. */
  readonly auditKey: Uint8Array;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
}

const SECRET_NAMES = ['DATABASE_URL', 'JWT_SECRET', 'ADMIN_PASSWORD', 'EVIDENCE_KEY', 'AUDIT_KEY'] as const;
const MIN_SECRET = 32;
const KEY_BYTES = 32;

const Env = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .refine((url) => URL.canParse(url), 'is not a URL')
    .optional(),
  JWT_SECRET: z.string().optional(),
  EVIDENCE_KEY: z.string().optional(),
  EVIDENCE_DIR: z.string().optional(),
  AUDIT_KEY: z.string().optional(),
  AUDIT_DIR: z.string().optional(),
  ADMIN_EMAIL: z.email().optional(),
  ADMIN_PASSWORD: z.string().min(8).optional(),
  ALLOWED_ORIGINS: z.string().default('http://localhost:3000'),
  TRUSTED_PROXIES: z.string().default(''),
  MAX_CONNECTIONS: z.coerce.number().int().min(0).optional(),
  CONNECTIONS_PER_ADDRESS: z.coerce.number().int().min(0).default(4000),
  SOCKETS_PER_ADDRESS: z.coerce.number().int().min(0).default(5000),
  MODELS_DIR: z.string().optional(),
  FACE_MODEL: z.string().default('own'),
  GAZE_MODEL: z.string().default('own'),
  INFERENCE_THREADS: z.coerce.number().int().min(1).max(256).optional(),
  BACKLOG_MB: z.coerce.number().min(0.05).max(16_384).default(128),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(5),
});

/** `NAME_FILE` names a file that holds the secret `NAME`, as container platforms mount them. */
function withSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const merged = { ...env };
  for (const name of SECRET_NAMES) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set`);
    try {
      merged[name] = readFileSync(path, 'utf8').trim();
    } catch {
      throw new ConfigError(`${name}_FILE cannot be read`);
    }
    // Not as if it were not set: that would open the embedded database, or make up a secret.
    if (merged[name] === '') throw new ConfigError(`${name}_FILE is empty`);
  }
  return merged;
}

/** An empty variable counts as not set: that is how compose files pass on what is missing. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** What an earlier start made, or a new one: 32 random bytes, base64url. */
function madeSecret(dataDir: string, name: string): { readonly path: string; readonly value: string } {
  const path = join(dataDir, name);
  if (existsSync(path)) return { path, value: readFileSync(path, 'utf8') };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const value = randomBytes(32).toString('base64url');
  writeFileSync(path, value, { mode: 0o600, flag: 'wx' });
  return { path, value };
}

function jwtSecret(given: string | undefined, production: boolean, dataDir: string): string {
  if (given !== undefined) {
    if (given.length < MIN_SECRET) throw new ConfigError(`JWT_SECRET must have at least ${MIN_SECRET} characters`);
    return given;
  }
  if (production) throw new ConfigError('JWT_SECRET is not set; production does not start without one');
  const { path, value } = madeSecret(dataDir, 'jwt-secret');
  if (value.length < MIN_SECRET) throw new ConfigError(`${path} holds no secret: remove it, and a new one is made`);
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
  if (given === undefined && production) throw new ConfigError('AUDIT_KEY is not set; production does not start without one');
  return givenOrMade('AUDIT_KEY', given, dataDir, 'audit-key');
}

/** A bad one is not replaced by itself: what was stored under it could never be read again, what it signed never be told from a forgery. */
function givenOrMade(name: string, given: string | undefined, dataDir: string, file: string): Uint8Array {
  const made = given === undefined ? madeSecret(dataDir, file) : undefined;
  const key = keyOf(given ?? made?.value ?? '');
  if (!key) throw new ConfigError(made ? `${made.path} holds no key of ${KEY_BYTES} bytes` : `${name} must be ${KEY_BYTES} bytes, in base64 or as ${2 * KEY_BYTES} hexadecimal digits`);
  return key;
}

/** Files that the server itself has open: the database's, weights, logs, the inference host's channel. */
const OWN_FILES = 256;

/** As many as there are file descriptors for: without one a connection can be neither taken nor refused, and waits. */
function mostConnections(): number {
  const files = openFileLimit();
  return files === undefined ? 0 : Math.max(Math.floor(files / 2), files - OWN_FILES);
}

function trustedProxies(text: string): BlockList {
  try {
    return parseNetworks(text);
  } catch (error) {
    throw new ConfigError(`TRUSTED_PROXIES: ${(error as Error).message}`);
  }
}

/** The project's folder, from source and from `dist/` alike. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

function parse<T extends z.ZodType>(schema: T, environment: NodeJS.ProcessEnv): z.output<T> {
  const parsed = schema.safeParse(withoutEmpty(withSecretFiles(environment)));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`);
}

const auditDirOf = (env: { readonly AUDIT_DIR?: string | undefined }, dataDir: string) => resolve(env.AUDIT_DIR ?? join(dataDir, 'audit'));

/** Where a server of this environment keeps its log, for a command that only reads it: makes no secret, and asks for none. @throws ConfigError */
export function readStore({ DATABASE_URL, DATABASE_URL_FILE, DATA_DIR, AUDIT_DIR }: NodeJS.ProcessEnv = process.env): Pick<Config, 'dataDir' | 'auditDir'> & Pick<Secrets, 'databaseUrl'> {
  const env = parse(Env.pick({ DATABASE_URL: true, DATA_DIR: true, AUDIT_DIR: true }), { DATABASE_URL, DATABASE_URL_FILE, DATA_DIR, AUDIT_DIR });
  const dataDir = resolve(env.DATA_DIR);
  return { dataDir, auditDir: auditDirOf(env, dataDir), databaseUrl: env.DATABASE_URL };
}

/** @throws ConfigError */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): { config: Config; secrets: Secrets } {
  const env = parse(Env, environment);
  const production = env.NODE_ENV === 'production';
  const dataDir = resolve(env.DATA_DIR);
  if ((env.ADMIN_EMAIL === undefined) !== (env.ADMIN_PASSWORD === undefined)) {
    throw new ConfigError('ADMIN_EMAIL and ADMIN_PASSWORD go together');
  }
  const root = projectRoot();
  return {
    config: {
      production,
      host: env.HOST,
      port: env.PORT,
      dataDir,
      evidenceDir: resolve(env.EVIDENCE_DIR ?? join(dataDir, 'evidence')),
      auditDir: auditDirOf(env, dataDir),
      allowedOrigins: env.ALLOWED_ORIGINS.split(',').map((origin) => origin.trim()).filter(Boolean),
      trustedProxies: trustedProxies(env.TRUSTED_PROXIES),
      limits: {
        connections: env.MAX_CONNECTIONS ?? mostConnections(),
        connectionsPerAddress: env.CONNECTIONS_PER_ADDRESS,
        socketsPerAddress: env.SOCKETS_PER_ADDRESS,
      },
      models: {
        folders: [join(root, 'models'), ...addedFolders(env)],
        face: env.FACE_MODEL,
        gaze: env.GAZE_MODEL,
      },
      inferenceThreads: env.INFERENCE_THREADS ?? availableParallelism(),
      backlogBytes: env.BACKLOG_MB * 1024 * 1024,
      logLevel: env.LOG_LEVEL,
      pages: join(root, 'dist', 'web'),
      drainMs: env.DRAIN_SECONDS * 1000,
    },
    secrets: {
      databaseUrl: env.DATABASE_URL,
      jwtSecret: jwtSecret(env.JWT_SECRET, production, dataDir),
      evidenceKey: evidenceKey(env.EVIDENCE_KEY, production, dataDir),
      auditKey: auditKey(env.AUDIT_KEY, production, dataDir),
      admin: env.ADMIN_EMAIL && env.ADMIN_PASSWORD ? { email: env.ADMIN_EMAIL.toLowerCase(), password: env.ADMIN_PASSWORD } : undefined,
    },
  };
}
