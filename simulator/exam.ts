import { readFile } from 'node:fs/promises';
import { ApiError } from './api-error.ts';
import { Api } from './api.ts';
import { UsageError } from './options.ts';

/** Credentials: an account, or an access token in a file or the environment. */
export interface AdminChoice {
  /** Origin of the server. */
  readonly url: string;
  readonly admin: string | undefined;
  readonly passwordFile: string | undefined;
  readonly tokenFile?: string | undefined;
}

export interface ExamChoice extends AdminChoice {
  readonly exam: string | undefined;
  /** Frames per second to send and to analyse; default: that of the policy. */
  readonly fps: number | undefined;
}

/** A person at a terminal. */
export interface Terminal {
  readonly isTTY: boolean;
  ask(question: string): Promise<string>;
}

/**
 * The named exam, or a new one by an admin: the given one, the server's own settings (`ADMIN_EMAIL`, `ADMIN_PASSWORD`), or
 * one who types address and password.
 * @throws UsageError without any @throws ApiError
 */
export async function examFor(choice: ExamChoice, env: NodeJS.ProcessEnv, terminal: Terminal): Promise<string> {
  if (choice.exam) return choice.exam;
  const token = env['INVIGIL_ADMIN_TOKEN'];
  const isGiven = choice.admin ?? choice.passwordFile ?? token;
  const admin = isGiven ? await adminOf(choice, token) : await knownAdmin(choice.url, env, terminal);
  return makeExam(admin, 'Simulated exam', choice.fps);
}

async function knownAdmin(url: string, env: NodeJS.ProcessEnv, terminal: Terminal): Promise<Api> {
  const { ADMIN_EMAIL, ADMIN_PASSWORD } = env;
  const api = new Api(url);
  if (ADMIN_EMAIL && ADMIN_PASSWORD) await api.login(ADMIN_EMAIL, ADMIN_PASSWORD);
  else if (terminal.isTTY)
    await api.login(await terminal.ask('email of an admin: '), await terminal.ask('password (shown): '));
  else
    throw new UsageError(
      'no exam: give --exam ID, or an admin to create one: --admin EMAIL --password-file FILE, ADMIN_EMAIL and ADMIN_PASSWORD in the environment or in .env, or INVIGIL_ADMIN_TOKEN in the environment. The first admin is created at the link that the server prints at its start',
    );
  return api;
}

/** @param fps sent and analysed, frames/s; default: those of the policy @returns the id of the new exam */
export async function makeExam(admin: Api, title: string, fps: number | undefined): Promise<string> {
  const policy = fps === undefined ? {} : { policy: { frames: { sendFps: fps, analyseFps: fps } } };
  return (await admin.createExam({ title, status: 'active', openTo: 'all', staffAccess: 'all', ...policy })).id;
}

/** @throws UsageError without credentials or with an unreadable file @throws ApiError */
export async function adminOf(
  { url, admin, passwordFile, tokenFile }: AdminChoice,
  token: string | undefined,
): Promise<Api> {
  if (admin && passwordFile) {
    const api = new Api(url);
    await api.login(admin, await secretIn(passwordFile));
    return api;
  }
  if (admin || passwordFile) throw new UsageError('--admin and --password-file go together');
  if (tokenFile) return new Api(url, await secretIn(tokenFile));
  if (token) return new Api(url, token);
  throw new UsageError(
    'no admin: give --admin EMAIL --password-file FILE, or --token-file FILE, or INVIGIL_ADMIN_TOKEN in the environment',
  );
}

async function secretIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  });
  return text.trim();
}

/** `/health` of the server. @throws UsageError with instructions if none is reachable */
export async function findServer(url: string): Promise<Record<string, unknown>> {
  try {
    return await new Api(url).health();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 0) throw error;
    throw new UsageError(
      `no response from ${url}. Start a server first:\n\n` +
        '  ADMIN_EMAIL=admin@example.org ADMIN_PASSWORD=... npm start\n\n' +
        'or try `npm run demo`, which brings its own server and students.',
    );
  }
}
