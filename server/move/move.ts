import { analyseTable, copyTable, countPictures, digestTable } from '../../db/move/copy.ts';
import type { TableDigest } from '../../db/move/digest.ts';
import { prepareToMove } from '../../db/move/rows.ts';
import { readSequences, writeSequences } from '../../db/move/sequences.ts';
import { clearSeeded, countRows, type Table } from '../../db/move/tables.ts';
import { migrate } from '../../db/migrate.ts';
import { markMoved } from '../../db/moved.ts';
import type { Tx } from '../../db/executor.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import { storedTrust } from '../audit/verify/stored-trust.ts';
import { verifyAudit } from '../audit/verify/verify.ts';
import { NotMoved } from './error.ts';
import { type Source, withSource } from './source.ts';
import { describeTarget, type OpenTarget, refuseOtherTables, refuseUsed, withTarget } from './target.ts';

export interface MoveOptions {
  /** Folder of the embedded database. */
  readonly dataDir: string;
  readonly auditDir: string;
  readonly url: string;
  /** Moves a log that does not verify, too. */
  readonly allowFaultyLog?: boolean;
  /** - `reading`: the target is as before. `committing`: it holds nothing or everything */
  readonly onStep?: (step: 'reading' | 'copying' | 'comparing' | 'verifying' | 'committing', rows: number) => void;
  readonly onRows?: (done: number) => void;
}

export interface MovedTable extends TableDigest {
  readonly name: string;
}

export interface Moved {
  readonly tables: readonly MovedTable[];
  readonly rows: number;
  readonly audit: AuditVerification;
  readonly pictures: { readonly files: number; readonly bytes: number };
}

/** Checks that a move can begin, and changes nothing. @returns rows of each table @throws NotMoved */
export async function rehearseMove({ dataDir, url, auditDir }: MoveOptions): Promise<{
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly pictures: Moved['pictures'];
}> {
  return withSource(dataDir, async ({ tx, tables }) =>
    withTarget(url, dataDir, true, async ({ db }) => {
      await refuseUsed(db);
      await refuseWithoutKey(tx, tables, auditDir);
      const counted: { name: string; rows: number }[] = [];
      for (const table of tables) counted.push({ name: table.name, rows: await countRows(tx, table) });
      return { tables: counted, pictures: await countPictures(tx) };
    }),
  );
}

/**
 * Copies the embedded database to an empty PostgreSQL database, in one transaction: rows are read back and compared, and
 * the audit log is verified, before it is committed. The source is not changed, but for a mark that keeps servers from
 * going on with it.
 * @throws NotMoved
 */
export async function moveDatabase(options: MoveOptions): Promise<Moved> {
  const { dataDir, url, onStep } = options;
  return withSource(dataDir, async (source) => {
    const moved = await withTarget(url, dataDir, true, async (target) => {
      await refuseUsed(target.db);
      await refuseWithoutKey(source.tx, source.tables, options.auditDir);
      await migrate(target.db);
      await refuseOtherTables(target.db, source.tables);
      return commit(options, target, (tx) => copyAll(options, source, tx));
    });
    markMoved(dataDir, describeTarget(url), new Date());
    return moved;
  }).finally(() => onStep?.('reading', 0));
}

/** Compares the databases after a move, and changes nothing. @throws NotMoved */
export async function checkMove(options: MoveOptions): Promise<Moved> {
  const { dataDir, url } = options;
  return withSource(dataDir, async (source) =>
    withTarget(url, dataDir, false, async ({ db }) => {
      await refuseOtherTables(db, source.tables);
      return db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (tx) => {
          await prepareToMove(tx);
          const rows = await totalOf(source);
          const tables = await eachTable(options, 'reading', rows, source.tables, (table, onRows) =>
            digestTable(source.tx, table, onRows),
          );
          return verify(options, source, tx, tables);
        });
    }),
  );
}

async function copyAll(options: MoveOptions, source: Source, to: Tx): Promise<Moved> {
  await prepareToMove(to);
  await clearSeeded(to);
  const rows = await totalOf(source);
  const copied = await eachTable(options, 'copying', rows, source.tables, (table, onRows) =>
    copyTable(source.tx, to, table, onRows),
  );
  await writeSequences(to, await readSequences(source.tx));
  for (const table of source.tables) await analyseTable(to, table);
  return verify(options, source, to, copied);
}

/** Compares the target's rows with digests of the source's, and verifies its audit log. @throws NotMoved */
async function verify(options: MoveOptions, source: Source, to: Tx, expected: readonly MovedTable[]): Promise<Moved> {
  const rows = expected.reduce((sum, table) => sum + table.rows, 0);
  const found = await eachTable(options, 'comparing', rows, source.tables, (table, onRows) =>
    digestTable(to, table, onRows),
  );
  const different = expected.filter(
    ({ rows: count, digest }, i) => found[i]!.rows !== count || found[i]!.digest !== digest,
  );
  if (different.length > 0)
    throw new NotMoved(
      `the target differs from the embedded database: ${different.map(({ name, rows: count }) => `${name} has ${found.find((table) => table.name === name)!.rows} rows of ${count}, or other values`).join('; ')}`,
      1,
    );
  options.onStep?.('verifying', rows);
  const audit = await verifyAudit(to, await storedTrust(options.auditDir));
  if (!audit.valid && !options.allowFaultyLog)
    throw new NotMoved(
      `the audit log does not verify: ${describeFault(audit)}. All rows are the same, so the embedded database has the same fault: investigate it first. --allow-faulty-log moves it as it is`,
      1,
    );
  return { tables: expected, rows, audit, pictures: await countPictures(to) };
}

async function eachTable(
  { onStep, onRows }: MoveOptions,
  step: 'reading' | 'copying' | 'comparing',
  rows: number,
  tables: readonly Table[],
  work: (table: Table, onRows: (rows: number) => void) => Promise<TableDigest>,
): Promise<MovedTable[]> {
  onStep?.(step, rows);
  let done = 0;
  const results: MovedTable[] = [];
  for (const table of tables)
    results.push({ name: table.name, ...(await work(table, (count) => onRows?.((done += count)))) });
  return results;
}

/** Runs the work in a transaction of the target. @throws NotMoved `3` if the answer to COMMIT is lost */
async function commit({ onStep }: MoveOptions, target: OpenTarget, work: (tx: Tx) => Promise<Moved>): Promise<Moved> {
  let isCommitting = false;
  try {
    return await target.db.transaction().execute(async (tx) => {
      const moved = await work(tx);
      target.stillOurs();
      isCommitting = true;
      onStep?.('committing', moved.rows);
      return moved;
    });
  } catch (error) {
    if (isCommitting)
      throw new NotMoved(
        `the connection broke before COMMIT was answered (${(error as Error).message}): the target holds everything or nothing. Run the command again with --check: it says whether everything is there`,
        3,
        { cause: error },
      );
    throw error;
  }
}

/** Checkpoints without their key could not be verified. @throws NotMoved */
async function refuseWithoutKey(tx: Tx, tables: readonly Table[], auditDir: string): Promise<void> {
  const checkpoints = tables.find(({ name }) => name === 'audit_checkpoints');
  const { keys } = await storedTrust(auditDir);
  if (keys.length === 0 && checkpoints && (await countRows(tx, checkpoints)) > 0)
    throw new NotMoved(
      `no key of the audit log in ${auditDir}, so its signatures cannot be verified: set AUDIT_DIR to the server's`,
    );
}

const totalOf = async ({ tx, tables }: Source): Promise<number> => {
  let rows = 0;
  for (const table of tables) rows += await countRows(tx, table);
  return rows;
};

export function describeFault({ firstBad }: AuditVerification): string {
  if (!firstBad) return 'no fault';
  const { reason, entityType, entityId, position, leaf, seq, checkpoint } = firstBad;
  return [
    `fault "${reason}"`,
    entityType && `${entityType} ${entityId}`,
    position !== undefined && `position ${position}`,
    leaf !== undefined && `leaf ${leaf}`,
    seq !== undefined && `event ${seq}`,
    checkpoint &&
      `checkpoint ${checkpoint.kept} the database, of ${checkpoint.size ?? 'an unknown number of'} leaves: ${checkpoint.fault}`,
  ]
    .filter(Boolean)
    .join(', ');
}
