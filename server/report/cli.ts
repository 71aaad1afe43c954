import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseOptions, tellWhy, UsageError } from '../command-line.ts';
import { readReach } from '../config.ts';
import { ownAddress } from '../config/own-address.ts';

/** `npm run report`: exit status 0, or 2 if no file was written. */

const USAGE = `usage: npm run report -- [options] SESSION FILE
Writes the report of a session as PDF, by the running server and with the rights of the account.
--url URL             public URL of the server; default: PUBLIC_URL, else HOST and PORT (127.0.0.1 and 8080), with BASE_PATH
--user EMAIL          account of staff; default: ADMIN_EMAIL and ADMIN_PASSWORD, else a terminal is asked
--password-file FILE  its password
--token-file FILE     an access token instead; also INVIGIL_ADMIN_TOKEN (for accounts with a second factor)
--without-pictures    omits pictures of incidents`;

const readOptions = (args: readonly string[]) =>
  parseOptions(args, {
    url: { type: 'string' },
    user: { type: 'string' },
    'password-file': { type: 'string' },
    'token-file': { type: 'string' },
    'without-pictures': { type: 'boolean' },
  });

async function answered(request: Promise<Response>): Promise<Response> {
  const response = await request.catch((cause: unknown) => {
    throw new UsageError('the server does not answer: is it running, and is --url right?', { cause });
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new UsageError(`${response.status} ${problem.code ?? ''}: ${problem.detail ?? response.statusText}`);
}

async function tokenOf(url: string, email: string, password: string): Promise<string> {
  const response = await answered(
    fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    }),
  );
  return ((await response.json()) as { accessToken: string }).accessToken;
}

const secretIn = (file: string): string => readFileSync(file, 'utf8').trim();

async function login(url: string, values: ReturnType<typeof readOptions>['values']): Promise<string> {
  if (values['token-file'] !== undefined) return secretIn(values['token-file']);
  if (values.user !== undefined && values['password-file'] !== undefined)
    return tokenOf(url, values.user, secretIn(values['password-file']));
  if (values.user !== undefined || values['password-file'] !== undefined)
    throw new UsageError('--user and --password-file go together');
  const { INVIGIL_ADMIN_TOKEN, ADMIN_EMAIL, ADMIN_PASSWORD } = process.env;
  if (INVIGIL_ADMIN_TOKEN) return INVIGIL_ADMIN_TOKEN;
  if (ADMIN_EMAIL && ADMIN_PASSWORD) return tokenOf(url, ADMIN_EMAIL, ADMIN_PASSWORD);
  if (!process.stdin.isTTY) throw new UsageError('no account: give --user and --password-file, or --token-file');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await tokenOf(url, await terminal.question('email: '), await terminal.question('password (shown): '));
  } finally {
    terminal.close();
  }
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args);
  const [session, file, ...more] = positionals;
  if (session === undefined || file === undefined || more.length > 0)
    throw new UsageError('expected a session and a file');
  const { base: url } = ownAddress(readReach(), values.url);
  const token = await login(url, values);
  const path = `/api/sessions/${encodeURIComponent(session)}/report?pictures=${!values['without-pictures']}`;
  const response = await answered(fetch(url + path, { headers: { authorization: `Bearer ${token}` } }));
  const bytes = new Uint8Array(await response.arrayBuffer());
  writeFileSync(file, bytes);
  process.stderr.write(`${file}: ${bytes.length} bytes\n`);
}

// The report is about a person.
process.umask(0o077);

try {
  await run(process.argv.slice(2));
} catch (error) {
  tellWhy(error, USAGE);
  process.exitCode = 2;
}
