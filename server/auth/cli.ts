import { parseArgs } from 'node:util';
import { makeResetLink, type MadeLink } from './passwords/reset-command.ts';

/** `npm run account -- reset | reset-factors`: exit status 0, or 2 when no link was made. */

const USAGE = `usage: npm run account -- reset EMAIL [--url URL]
       npm run account -- reset-factors EMAIL [--url URL]
  reset          prints a link, good once and for a day, where the account's password is set
  reset-factors  the same; using it removes the account's second factors as well
  --url URL      where browsers reach the server; PUBLIC_URL unless given, or else HOST and PORT`;

const ADDRESS_FROM: Readonly<Record<MadeLink['addressFrom'], string>> = {
  '--url': 'The address of the link is that of --url.',
  PUBLIC_URL: 'The address of the link is from PUBLIC_URL; --url URL gives another.',
  'HOST and PORT':
    'The address of the link is from HOST and PORT as this command sees them (127.0.0.1 and 8080 unless set). If the server is elsewhere, set its PUBLIC_URL or PORT here too, or give --url URL.',
};

class UsageError extends Error {}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { url: { type: 'string' } } });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args);
  const [command, email, ...more] = positionals;
  if (command !== 'reset' && command !== 'reset-factors')
    throw new UsageError(command ? `no command ${command}` : 'no command');
  if (email === undefined || more.length > 0) throw new UsageError('one address, please');
  if (values.url !== undefined && !/^https?:\/\//.test(values.url))
    throw new UsageError('--url begins with https:// or http://');
  const { link, expiresAt, addressFrom, accountFound } = await makeResetLink(email, {
    url: values.url,
    removeFactors: command === 'reset-factors',
  });
  process.stdout.write(`${link}\n`);
  process.stderr.write(`${ADDRESS_FROM[addressFrom]}\n`);
  if (!accountFound)
    process.stderr.write('Works if there is such an account: this command cannot see into the embedded database.\n');
  process.stderr.write(
    `Good once, until ${expiresAt.toISOString()}. Setting the password ends every login of ${email.toLowerCase()}${command === 'reset-factors' ? ' and removes its second factors' : ''}.\n`,
  );
}

// What it stores lets somebody into an account.
process.umask(0o077);

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError || (error instanceof Error && 'code' in error))) throw error;
  process.stderr.write(`${error.message}\n${error instanceof UsageError ? `${USAGE}\n` : ''}`);
  process.exitCode = 2;
}
