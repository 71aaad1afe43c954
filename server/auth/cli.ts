import { parseOptions, tellWhy, UsageError } from '../command-line.ts';
import { makeResetLink, type MadeLink } from './passwords/reset-command.ts';

/** `npm run account -- reset | reset-factors`: exit status 0, or 2 if no link was created. */

const USAGE = `usage: npm run account -- reset EMAIL [--url URL]
       npm run account -- reset-factors EMAIL [--url URL]
reset          prints a link for setting the account's password: single use, valid for a day
reset-factors  the same, and using it also removes the account's second factors
--url URL      public URL of the server; default: PUBLIC_URL, else HOST and PORT`;

const ADDRESS_FROM: Readonly<Record<MadeLink['addressFrom'], string>> = {
  '--url': 'Base URL taken from --url.',
  PUBLIC_URL: 'Base URL taken from PUBLIC_URL; --url URL overrides it.',
  'HOST and PORT':
    'Base URL taken from HOST and PORT in the environment of this command (default 127.0.0.1 and 8080). If the server listens elsewhere, set PUBLIC_URL or PORT here too, or pass --url URL.',
};

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseOptions(args, { url: { type: 'string' } });
  const [command, email, ...more] = positionals;
  if (command !== 'reset' && command !== 'reset-factors')
    throw new UsageError(command ? `unknown command ${command}` : 'missing command');
  if (email === undefined || more.length > 0) throw new UsageError('expected one email address');
  if (values.url !== undefined && !/^https?:\/\//.test(values.url))
    throw new UsageError('--url must start with https:// or http://');
  const { link, expiresAt, addressFrom, accountFound } = await makeResetLink(email, {
    url: values.url,
    removeFactors: command === 'reset-factors',
  });
  process.stdout.write(`${link}\n`);
  process.stderr.write(`${ADDRESS_FROM[addressFrom]}\n`);
  if (!accountFound)
    process.stderr.write(
      'Not verified: this command cannot read the embedded database, so the link works only if the account exists.\n',
    );
  process.stderr.write(
    `Single use, valid until ${expiresAt.toISOString()}. Setting the password ends all logins of ${email.toLowerCase()}${command === 'reset-factors' ? ' and removes its second factors' : ''}.\n`,
  );
}

// The stored link grants access to an account.
process.umask(0o077);

try {
  await run(process.argv.slice(2));
} catch (error) {
  tellWhy(error, USAGE);
  process.exitCode = 2;
}
