import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { userInfo } from 'node:os';
import { parseDatabaseUrl, SSL_MODES, type DatabaseUrl, type SslMode } from './url.ts';

/** One way to reach a server: `false` without TLS. */
export type Encryption = ConnectionOptions | false;

export interface TargetServer {
  /** Name, address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  /** In the order in which they are tried. */
  readonly encryptions: readonly Encryption[];
}

/** Where and how to connect, from a URL as libpq reads it. */
export interface Target {
  readonly servers: readonly TargetServer[];
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
}

/** A URL that names no usable target. The message does not contain the URL. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
  readonly code = 'bad_database_url';
}

const DEFAULT_PORT = 5432;
const CONNECT_TIMEOUT_MS = 5000;
/** Values of `target_session_attrs` that a server which has to write can satisfy. */
const WRITABLE = new Set(['any', 'read-write', 'primary']);

/** @throws DatabaseUrlError */
export function targetOf(url: string): Target {
  const parsed = parseDatabaseUrl(url);
  if (!parsed) throw new DatabaseUrlError('is not a PostgreSQL URL: postgres://user:password@host:port/database');
  const { parameters } = parsed;
  const attrs = parameters.get('target_session_attrs');
  if (attrs !== undefined && !WRITABLE.has(attrs))
    throw new DatabaseUrlError('has a target_session_attrs other than any, read-write and primary: writes are needed');
  const hosts = parsed.hosts.length > 0 ? parsed.hosts : ['localhost'];
  const ports = parsed.ports.map((port) => port ?? DEFAULT_PORT);
  if (ports.length > 1 && ports.length !== hosts.length)
    throw new DatabaseUrlError('has another number of ports than of hosts');
  const encryptions = encryptionsOf(parsed);
  const user = parsed.user ?? userInfo().username;
  return {
    servers: hosts.map((host, index) => ({
      host,
      port: (ports.length > 1 ? ports[index] : ports[0]) ?? DEFAULT_PORT,
      encryptions: host.startsWith('/') ? [false] : encryptions,
    })),
    user,
    password: parsed.password,
    database: parsed.database ?? user,
    applicationName: parameters.get('application_name') ?? 'invigil',
    connectTimeoutMs: timeoutOf(parameters.get('connect_timeout')),
  };
}

/** libpq: 0 or less waits without a limit, which no server should do. */
function timeoutOf(seconds: string | undefined): number {
  if (seconds === undefined) return CONNECT_TIMEOUT_MS;
  if (!/^\d{1,4}$/.test(seconds)) throw new DatabaseUrlError('has a connect_timeout that is not a number of seconds');
  return Number(seconds) * 1000 || CONNECT_TIMEOUT_MS;
}

/** Ways of each `sslmode`, as described in libpq's "SSL Support". */
function encryptionsOf({ parameters }: DatabaseUrl): readonly Encryption[] {
  const mode = modeOf(parameters);
  if (mode === 'disable') return [false];
  const roots = parameters.get('sslrootcert');
  const ca = roots === undefined || roots === 'system' ? undefined : fileOf('sslrootcert', roots);
  const files = {
    ...(ca !== undefined && { ca }),
    ...pairOf(parameters),
  };
  const unverified = { ...files, rejectUnauthorized: false };
  // Any name: the certificate has to be signed by the CA only.
  const signed = { ...files, checkServerIdentity: () => undefined };
  if (mode === 'allow') return [false, unverified];
  if (mode === 'prefer') return [unverified, false];
  if (mode === 'verify-full' || roots === 'system') return [files];
  // A given CA makes `require` the same as `verify-ca`.
  if (mode === 'verify-ca' || ca !== undefined) {
    if (ca === undefined)
      throw new DatabaseUrlError('has sslmode=verify-ca without sslrootcert, the file with the CA certificate');
    return [signed];
  }
  return [unverified];
}

function modeOf(parameters: ReadonlyMap<string, string>): SslMode {
  const given = parameters.get('sslmode') ?? (parameters.get('ssl') === 'true' ? 'require' : undefined);
  if (given === undefined) return parameters.get('sslrootcert') === 'system' ? 'verify-full' : 'prefer';
  // node-postgres's own name for libpq's `require`.
  if (given === 'no-verify') return 'require';
  const mode = SSL_MODES.find((name) => name === given);
  if (!mode) throw new DatabaseUrlError(`has an sslmode other than ${SSL_MODES.join(', ')}`);
  return mode;
}

/** Certificate and key of the client. */
function pairOf(parameters: ReadonlyMap<string, string>): ConnectionOptions {
  const [cert, key] = [parameters.get('sslcert'), parameters.get('sslkey')];
  return {
    ...(cert !== undefined && { cert: fileOf('sslcert', cert) }),
    ...(key !== undefined && { key: fileOf('sslkey', key) }),
  };
}

function fileOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new DatabaseUrlError(`names a file in ${name} that cannot be read`);
  }
}
