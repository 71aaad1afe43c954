import { constants } from 'node:os';
import { isUnavailable } from '../../db/unavailable.ts';
import { ProgressLine } from '../audit/commands/progress-line.ts';
import { parseOptions, tellWhy, UsageError } from '../command-line.ts';
import { readMove } from '../config.ts';
import { NotMoved } from './error.ts';
import { checkMove, type MoveOptions, moveDatabase, rehearseMove } from './move.ts';
import { describeAudit, describeFiles, describeNext, describeTables, type Places } from './report.ts';
import { describeTarget } from './target.ts';

/** `npm run move`: exit status 0; 1 if the databases differ or the log is bad; 2 if refused; 3 if the outcome is unknown. */

const USAGE = `usage: npm run move -- [--to URL] [--from FOLDER] [--dry-run | --check] [--allow-faulty-log]
Copies the embedded database to an empty PostgreSQL database, and verifies the copy. The server must be stopped.
--to URL            postgres://user@host:port/name; default DATABASE_URL. PGPASSWORD, DATABASE_PASSWORD and their _FILE are read
--from FOLDER       data folder of the server; default DATA_DIR
--dry-run           check both databases and change nothing
--check             compare the databases after a move and change nothing
--allow-faulty-log  move an audit log that does not verify`;

function readOptions(args: readonly string[]) {
  const { values, positionals } = parseOptions(args, {
    to: { type: 'string' },
    from: { type: 'string' },
    'dry-run': { type: 'boolean' },
    check: { type: 'boolean' },
    'allow-faulty-log': { type: 'boolean' },
  });
  if (positionals.length > 0) throw new UsageError(`unexpected ${positionals[0]}`);
  if (values['dry-run'] && values.check) throw new UsageError('--dry-run and --check exclude each other');
  return values;
}

/** @throws ConfigError */
function readPlaces({ to, from }: ReturnType<typeof readOptions>): MoveOptions & Places {
  const { databaseUrl, ...folders } = readMove({ to, from });
  if (databaseUrl === undefined) throw new UsageError('no target: pass --to URL, or set DATABASE_URL');
  return { ...folders, url: databaseUrl, target: describeTarget(databaseUrl) };
}

let isCommitting = false;

async function run(args: readonly string[]): Promise<void> {
  const values = readOptions(args);
  const places = readPlaces(values);
  const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);
  print([`from the embedded database in ${places.dataDir}`, `to PostgreSQL, ${places.target}`]);
  let line = new ProgressLine(process.stderr, 'rows');
  let total = 0;
  const options: MoveOptions = {
    ...places,
    allowFaultyLog: values['allow-faulty-log'] === true,
    onStep: (step, rows) => {
      isCommitting = step === 'committing';
      line.clear();
      line = new ProgressLine(process.stderr, 'rows');
      total = rows;
      if (rows > 0) process.stderr.write(`${step}\n`);
    },
    onRows: (done) => line.show(done, total),
  };
  try {
    if (values['dry-run']) {
      const { tables, pictures } = await rehearseMove(options);
      print([
        ...describeTables(tables),
        ...describeFiles(places, pictures),
        'Nothing was changed: the move can begin.',
      ]);
      return;
    }
    const moved = await (values.check ? checkMove(options) : moveDatabase(options));
    print([
      ...describeTables(moved.tables),
      describeAudit(moved),
      `${moved.rows} rows ${values.check ? 'are the same on both sides' : 'moved; the target holds the same rows and values'}`,
    ]);
    if (!values.check) print([...describeFiles(places, moved.pictures), ...describeNext(places)]);
  } finally {
    line.clear();
  }
}

process.umask(0o077);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    process.stderr.write(
      isCommitting
        ? '\ninterrupted during COMMIT: the target holds everything or nothing. Run the command again with --check\n'
        : '\ninterrupted: nothing was moved. Tables of the target are empty; run the command again\n',
    );
    // The connection ends with the process, and PostgreSQL rolls back.
    process.exit(isCommitting ? 3 : 128 + constants.signals[signal]);
  });

try {
  await run(process.argv.slice(2));
} catch (error) {
  tellWhy(error, USAGE, isUnavailable(error) ? '. Nothing was moved; run the command again' : '');
  process.exitCode = error instanceof NotMoved ? error.status : 2;
}
