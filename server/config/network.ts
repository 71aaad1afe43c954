import type { BlockList } from 'node:net';
import { z } from 'zod';
import { parseNetworks } from '../http/client-address.ts';
import { openFileLimit } from '../http/open-files.ts';
import { ConfigError } from './error.ts';

export const networkSettings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  ALLOWED_ORIGINS: z.string().default('http://localhost:3000'),
  TRUSTED_PROXIES: z.string().default(''),
  MAX_CONNECTIONS: z.coerce.number().int().min(0).optional(),
  CONNECTIONS_PER_ADDRESS: z.coerce.number().int().min(0).default(4000),
  SOCKETS_PER_ADDRESS: z.coerce.number().int().min(0).default(5000),
});

/** Before anybody is authenticated; 0: no limit. */
export interface Limits {
  /** TCP connections at once. */
  readonly connections: number;
  /** New ones of one address within 10 s. */
  readonly connectionsPerAddress: number;
  /** Sockets of one address at once. */
  readonly socketsPerAddress: number;
}

export interface NetworkConfig {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Origins besides the server's own that may open sockets and call the API from a browser. */
  readonly allowedOrigins: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: BlockList;
  readonly limits: Limits;
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

const listOf = (text: string) => text.split(',').map((part) => part.trim()).filter(Boolean);

/** @throws ConfigError */
export function networkConfig(env: z.output<typeof networkSettings>): NetworkConfig {
  return {
    host: env.HOST,
    port: env.PORT,
    allowedOrigins: listOf(env.ALLOWED_ORIGINS),
    trustedProxies: trustedProxies(env.TRUSTED_PROXIES),
    limits: {
      connections: env.MAX_CONNECTIONS ?? mostConnections(),
      connectionsPerAddress: env.CONNECTIONS_PER_ADDRESS,
      socketsPerAddress: env.SOCKETS_PER_ADDRESS,
    },
  };
}
