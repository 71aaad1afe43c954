import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeFault, type Moved } from './move.ts';

const MEGABYTE = 1_000_000;

export interface Places {
  readonly dataDir: string;
  readonly auditDir: string;
  readonly evidenceDir: string;
  /** Without the password. */
  readonly target: string;
}

/** Secrets that a server generates outside production. */
const SECRETS = ['jwt-secret', 'audit-key', 'evidence-key'];

export function describeTables(tables: readonly { name: string; rows: number; digest?: string }[]): string[] {
  const width = Math.max(...tables.map(({ name }) => name.length));
  return tables.map(({ name, rows, digest }) =>
    `${name.padEnd(width)} ${String(rows).padStart(9)} rows${digest === undefined ? '' : `  ${digest.slice(0, 16)}`}`.trimEnd(),
  );
}

export function describeAudit({ audit }: Pick<Moved, 'audit'>): string {
  const { valid, checked, leaves, checkpoints, records, vouched } = audit;
  const counts = `${checked} entries, ${leaves} in the tree, ${checkpoints} checkpoints, ${records} events; checkpoints in AUDIT_DIR vouch for ${vouched}`;
  return valid ? `audit log good: ${counts}` : `AUDIT LOG BAD, moved as it is: ${describeFault(audit)}`;
}

/** Data outside of the database. */
export function describeFiles(
  { dataDir, auditDir, evidenceDir }: Places,
  { files, bytes }: Moved['pictures'],
): string[] {
  const secrets = SECRETS.filter((name) => existsSync(join(dataDir, name)));
  return [
    'Not in the database, and needed by the server. They stay where they are if it keeps DATA_DIR, AUDIT_DIR and EVIDENCE_DIR; for a server elsewhere, copy them:',
    `  ${evidenceDir}: ${files} pictures, ${Math.ceil(bytes / MEGABYTE)} MB`,
    `  ${auditDir}: checkpoints and keys of the audit log`,
    secrets.length > 0
      ? `  ${secrets.map((name) => join(dataDir, name)).join(', ')}: secrets that the server generated`
      : '  JWT_SECRET, AUDIT_KEY and EVIDENCE_KEY, as in its settings',
  ];
}

export function describeNext({ dataDir, target }: Places): string[] {
  return [
    'Next:',
    `  1. Start the server with DATABASE_URL for ${target}, and else the same settings. It no longer starts on the embedded database.`,
    '  2. Log in, open an exam, and request /api/blockchain/verify.',
    `  3. ${join(dataDir, 'pglite')} is unchanged. Keep it until a backup of the new database exists, then delete it: it holds personal data.`,
  ];
}
