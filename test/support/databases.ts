import { randomBytes } from 'node:crypto';
import { constants, copyFileSync, type Dirent, mkdirSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { administer } from '../../simulator/server/empty-database.ts';
import { type Content, PGLITE_TEMPLATES, POSTGRES_TEMPLATES } from './database-templates.ts';
import { postgresUrl } from './requirements.ts';

/** A database for one test. */
export interface TestDatabase {
  readonly url: string | undefined;
  readonly dataDir: string;
  /** Absent for a folder that a test made itself. */
  readonly content?: Content;
  remove(): Promise<void>;
}

export type Kind = 'pglite' | 'postgres';

/** Both kinds, with their availability on this machine. */
export const KINDS: readonly { kind: Kind; available: boolean; title: string }[] = [
  { kind: 'pglite', available: true, title: 'PGlite' },
  {
    kind: 'postgres',
    available: postgresUrl !== undefined,
    title: postgresUrl === undefined ? 'PostgreSQL (skipped: TEST_DATABASE_URL is not set)' : 'PostgreSQL',
  },
];

/** Copies the run's template with that content. */
export async function createDatabase(kind: Kind, content: Content = 'schema'): Promise<TestDatabase> {
  // In the run's folder: what a test leaves behind goes with it.
  const dataDir = await mkdtemp(join(process.env[PGLITE_TEMPLATES]!, 'test-'));
  const removeFolder = () => rm(dataDir, { recursive: true, force: true });
  if (kind === 'pglite') {
    copyPglite(dataDir, content);
    return { url: undefined, dataDir, content, remove: removeFolder };
  }
  const name = `invigil_test_${randomBytes(6).toString('hex')}`;
  const template = content === 'empty' ? '' : ` TEMPLATE ${process.env[POSTGRES_TEMPLATES]}_${content}`;
  await administer(postgresUrl!, `CREATE DATABASE ${name}${template}`);
  const url = new URL(postgresUrl!);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    dataDir,
    content,
    remove: async () => {
      await administer(postgresUrl!, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await removeFolder();
    },
  };
}

/** Files and folders of each template; they do not change during a run. */
const listings = new Map<string, Dirent[]>();

/** Copies an embedded database into a server's data folder. `cpSync` would stat each of its 500 files anew. */
function copyPglite(dataDir: string, content: Content = 'schema'): void {
  const [from, to] = [join(process.env[PGLITE_TEMPLATES]!, content, 'pglite'), join(dataDir, 'pglite')];
  let listing = listings.get(from);
  if (!listing) listings.set(from, (listing = readdirSync(from, { recursive: true, withFileTypes: true })));
  mkdirSync(to, { mode: 0o700 });
  for (const entry of listing) {
    const [source, copy] = [
      join(entry.parentPath, entry.name),
      join(to + entry.parentPath.slice(from.length), entry.name),
    ];
    if (entry.isDirectory()) mkdirSync(copy, { mode: 0o700 });
    else copyFileSync(source, copy, constants.COPYFILE_FICLONE);
  }
}
