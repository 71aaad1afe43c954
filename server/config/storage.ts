import { join, resolve } from 'node:path';
import { z } from 'zod';
import { databaseSettings } from './database.ts';

export const storageSettings = z.object({
  DATA_DIR: z.string().default('./data'),
  ...databaseSettings.shape,
  DATABASE_LOCK: z.enum(['on', 'off']).default('on'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10),
  DATABASE_WAIT_SECONDS: z.coerce.number().min(0).max(3600).default(60),
  EVIDENCE_DIR: z.string().optional(),
  AUDIT_DIR: z.string().optional(),
  ADDRESS_DIGEST_DAYS: z.coerce.number().int().min(0).max(366).default(30),
  BACKLOG_MB: z.coerce.number().min(0.05).max(16_384).default(128),
});

export interface StorageConfig {
  readonly dataDir: string;
  /** Whether to lock a PostgreSQL database against other servers. */
  readonly databaseLock: boolean;
  /** Maximum connections to PostgreSQL, the writer's among them and the lock's not. */
  readonly databasePoolSize: number;
  /** How long the start waits for PostgreSQL, ms. */
  readonly databaseWaitMs: number;
  /** Folder of the encrypted pictures of incidents. */
  readonly evidenceDir: string;
  /** Folder of the audit log's checkpoints: outside the database. */
  readonly auditDir: string;
  /** Days for which addresses in the audit log remain recognisable; 0: not recorded. */
  readonly addressDigestDays: number;
  /** Maximum backlog for the database before signals are held back. */
  readonly backlogBytes: number;
}

export function storageConfig(env: z.output<typeof storageSettings>): StorageConfig {
  const dataDir = resolve(env.DATA_DIR);
  return {
    dataDir,
    databaseLock: env.DATABASE_LOCK === 'on',
    databasePoolSize: env.DATABASE_POOL_SIZE,
    databaseWaitMs: env.DATABASE_WAIT_SECONDS * 1000,
    evidenceDir: resolve(env.EVIDENCE_DIR ?? join(dataDir, 'evidence')),
    auditDir: resolve(env.AUDIT_DIR ?? join(dataDir, 'audit')),
    addressDigestDays: env.ADDRESS_DIGEST_DAYS,
    backlogBytes: env.BACKLOG_MB * 1024 * 1024,
  };
}
