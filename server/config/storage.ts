import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './error.ts';

export const storageSettings = z.object({
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .refine((url) => URL.canParse(url), 'is not a URL')
    .optional(),
  DATABASE_PASSWORD: z.string().optional(),
  DATABASE_LOCK: z.enum(['on', 'off']).default('on'),
  EVIDENCE_DIR: z.string().optional(),
  AUDIT_DIR: z.string().optional(),
  ADDRESS_DIGEST_DAYS: z.coerce.number().int().min(0).max(366).default(30),
  BACKLOG_MB: z.coerce.number().min(0.05).max(16_384).default(128),
});

export interface StorageConfig {
  readonly dataDir: string;
  /** Whether to lock a PostgreSQL database against other servers. */
  readonly databaseLock: boolean;
  /** Folder of the encrypted pictures of incidents. */
  readonly evidenceDir: string;
  /** Folder of the audit log's checkpoints: outside the database. */
  readonly auditDir: string;
  /** Days for which addresses in the audit log remain recognisable; 0: not recorded. */
  readonly addressDigestDays: number;
  /** Maximum backlog for the database before signals are held back. */
  readonly backlogBytes: number;
}

/**
 * `DATABASE_URL` with `DATABASE_PASSWORD`, as container platforms mount it.
 * @throws ConfigError if the URL has a password
 */
export function databaseUrlOf({
  DATABASE_URL,
  DATABASE_PASSWORD,
}: {
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_PASSWORD?: string | undefined;
}): string | undefined {
  if (DATABASE_PASSWORD === undefined) return DATABASE_URL;
  if (DATABASE_URL === undefined) throw new ConfigError('DATABASE_PASSWORD is set without DATABASE_URL');
  const url = new URL(DATABASE_URL);
  if (url.password !== '') throw new ConfigError('DATABASE_PASSWORD is set, but DATABASE_URL already has a password');
  if (url.username === '') throw new ConfigError('DATABASE_PASSWORD is set, but DATABASE_URL names no user');
  url.password = encodeURIComponent(DATABASE_PASSWORD);
  return url.href;
}

/** Folder of the audit log's checkpoints. */
export const auditDirOf = (env: { readonly AUDIT_DIR?: string | undefined }, dataDir: string) =>
  resolve(env.AUDIT_DIR ?? join(dataDir, 'audit'));

export function storageConfig(env: z.output<typeof storageSettings>): StorageConfig {
  const dataDir = resolve(env.DATA_DIR);
  return {
    dataDir,
    databaseLock: env.DATABASE_LOCK === 'on',
    evidenceDir: resolve(env.EVIDENCE_DIR ?? join(dataDir, 'evidence')),
    auditDir: auditDirOf(env, dataDir),
    addressDigestDays: env.ADDRESS_DIGEST_DAYS,
    backlogBytes: env.BACKLOG_MB * 1024 * 1024,
  };
}
