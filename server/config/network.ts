import type { BlockList } from 'node:net';
import { z } from 'zod';
import { ADDRESS_HEADERS, type AddressHeader, parseNetworks } from '../http/edge/client-address.ts';
import { openFileLimit } from '../http/edge/open-files.ts';
import { basePathOf } from './base-path.ts';
import { ConfigError } from './error.ts';

export const networkSettings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  REUSE_PORT: z.enum(['on', 'off']).default('off'),
  PUBLIC_URL: z.string().default(''),
  BASE_PATH: z.string().default(''),
  ALLOWED_ORIGINS: z.string().optional(),
  TRUSTED_PROXIES: z.string().default(''),
  CLIENT_ADDRESS_HEADER: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['', ...ADDRESS_HEADERS]))
    .default(''),
  MAX_CONNECTIONS: z.coerce.number().int().min(0).optional(),
  CONNECTIONS_PER_ADDRESS: z.coerce.number().int().min(0).default(4000),
  SOCKETS_PER_ADDRESS: z.coerce.number().int().min(0).default(5000),
  SOCKETS_PER_USER: z.coerce.number().int().min(0).default(20),
});

/** Limits, most of them before authentication; 0: no limit. */
interface Limits {
  /** Open TCP connections. */
  readonly connections: number;
  /** New connections of one address within 10 s. */
  readonly connectionsPerAddress: number;
  /** Open sockets of one address. */
  readonly socketsPerAddress: number;
  /** Open sockets of one user, console and exam together. */
  readonly socketsPerUser: number;
}

export interface NetworkConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Whether another process may listen on the same port. */
  readonly reusePort: boolean;
  /** Public origins of this server; empty: not configured. */
  readonly publicUrls: readonly string[];
  /** Path prefix under which browsers reach the server, such as `/invigil`; empty: none. */
  readonly basePath: string;
  /** Other origins that may open sockets and call the API from a browser. */
  readonly allowedOrigins: readonly string[];
  /** Proxies whose headers with the client's address are trusted. */
  readonly trustedProxies: BlockList;
  /** The only one of these headers that is read; undefined: by precedence. */
  readonly addressHeader: AddressHeader | undefined;
  readonly limits: Limits;
}

/** File descriptors reserved for the server: database, weights, logs, inference host. */
const OWN_FILES = 256;

/**
 * Default: one per available file descriptor; without a descriptor a connection can be neither accepted nor refused.
 */
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

/** Default origin of a developer's page with the SDK. */
const TRIAL_ORIGIN = 'http://localhost:3000';

/** Scheme, host and port in the form browsers send. `null` is the origin of any sandboxed frame. @throws ConfigError */
function origins(name: string, text: string): string[] {
  return listOf(text).map((part) => {
    const url = URL.canParse(part) ? new URL(part) : undefined;
    if (name === 'PUBLIC_URL' && url && /^https?:$/.test(url.protocol) && url.pathname !== '/')
      throw new ConfigError(
        `PUBLIC_URL: ${part} has a path: use ${url.origin}, and BASE_PATH=${url.pathname.replace(/\/+$/, '')}`,
      );
    if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username)
      throw new ConfigError(`${name}: ${part} is not an origin such as https://exam.example.org`);
    return url.origin;
  });
}

const listOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** @throws ConfigError */
export function networkConfig(env: z.output<typeof networkSettings>, production: boolean): NetworkConfig {
  return {
    host: env.HOST,
    port: env.PORT,
    reusePort: env.REUSE_PORT === 'on',
    publicUrls: origins('PUBLIC_URL', env.PUBLIC_URL),
    basePath: basePathOf(env.BASE_PATH),
    allowedOrigins: origins('ALLOWED_ORIGINS', env.ALLOWED_ORIGINS ?? (production ? '' : TRIAL_ORIGIN)),
    trustedProxies: trustedProxies(env.TRUSTED_PROXIES),
    addressHeader: env.CLIENT_ADDRESS_HEADER || undefined,
    limits: {
      connections: env.MAX_CONNECTIONS ?? mostConnections(),
      connectionsPerAddress: env.CONNECTIONS_PER_ADDRESS,
      socketsPerAddress: env.SOCKETS_PER_ADDRESS,
      socketsPerUser: env.SOCKETS_PER_USER,
    },
  };
}
