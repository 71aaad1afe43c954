import { existsSync, readFileSync } from 'node:fs';
import { parseOptions, tellWhy, UsageError } from '../command-line.ts';
import { MalformedExport } from './export/format.ts';
import { describeVerification } from './export/report.ts';
import { showExport } from './export/show.ts';
import { verifyExport } from './export/verify.ts';
import { ProgressLine } from './commands/progress-line.ts';

/** `npm run audit -- export | verify | show | role`: exit status 0; 1 if the log is bad; 2 if nothing was done. */

const USAGE = `usage: npm run audit -- export [--session ID] FILE
       npm run audit -- verify FILE [--checkpoint FILE] [--key KEY]...
       npm run audit -- show FILE
       npm run audit -- role NAME
--session ID       export the entries of one session, each with its proof
--checkpoint FILE  checkpoints stored where the server cannot write
--key KEY          trusted verifier key, name+id+base64, or a file with one per line
role NAME          migrate, and grant a PostgreSQL role the rights of a server but no changes to the log`;

/** A key, or the lines of a file. */
const keysOf = (given: string): string[] =>
  existsSync(given)
    ? readFileSync(given, 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    : [given];

async function verify(file: string, checkpoints: string | undefined, keys: readonly string[]): Promise<number> {
  const line = new ProgressLine(process.stderr);
  const result = await verifyExport(file, {
    checkpoints,
    keys: keys.flatMap(keysOf),
    onProgress: (checked, of) => line.show(checked, of),
  });
  line.clear();
  process.stdout.write(`${describeVerification(result).join('\n')}\n`);
  return result.valid ? 0 : 1;
}

async function show(file: string): Promise<number> {
  for await (const line of showExport(file)) {
    if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
  return 0;
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    session: { type: 'string' },
    checkpoint: { type: 'string' },
    key: { type: 'string', multiple: true },
  });
  const [command, file, ...more] = positionals;
  if (command !== 'export' && command !== 'verify' && command !== 'show' && command !== 'role')
    throw new UsageError(command ? `unknown command ${command}` : 'missing command');
  if (file === undefined || more.length > 0)
    throw new UsageError(command === 'role' ? 'expected one role' : 'expected one file');
  if (command !== 'verify' && (values.checkpoint !== undefined || values.key !== undefined))
    throw new UsageError(`${command} does not take --checkpoint or --key`);
  if (command !== 'export' && values.session !== undefined) throw new UsageError(`${command} does not take --session`);
  if (command === 'verify') return verify(file, values.checkpoint, values.key ?? []);
  if (command === 'show') return show(file);
  // Imported here, since verifying needs no database.
  if (command === 'role') return (await import('./commands/role-command.ts')).grantRole(file);
  return (await import('./commands/export-command.ts')).exportLog(file, values.session);
}

// The reader may close the pipe: `| head`.
process.stdout.on('error', () => process.exit(0));

// Exports contain personal data, and opening the embedded database creates files.
process.umask(0o077);

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof MalformedExport) {
    process.stderr.write(`BAD: file: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    tellWhy(error, USAGE);
    process.exitCode = 2;
  }
}
