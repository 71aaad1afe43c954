import { readFile } from 'node:fs/promises';
import { ApiError } from './api-error.ts';
import { Api } from './api.ts';
import { UsageError } from './options.ts';

export interface ExamChoice {
  /** Origin of the server. */
  readonly url: string;
  readonly exam: string | undefined;
  readonly admin: string | undefined;
  readonly passwordFile: string | undefined;
  /** Frames a second to send and to analyse; the policy's default without it. */
  readonly fps: number | undefined;
}

/** The exam to sit: the one named, or a new one. @throws UsageError without a way to have one @throws ApiError */
export async function examFor(choice: ExamChoice, env: NodeJS.ProcessEnv): Promise<string> {
  if (choice.exam) return choice.exam;
  const admin = await adminOf(choice, env['INVIGIL_ADMIN_TOKEN']);
  return makeExam(admin, 'Simulated exam', choice.fps);
}

/** @param fps sent and analysed, frames/s */
export async function makeExam(admin: Api, title: string, fps: number | undefined): Promise<string> {
  const policy = fps === undefined ? {} : { policy: { frames: { sendFps: fps, analyseFps: fps } } };
  return (await admin.createExam({ title, status: 'active', ...policy })).id;
}

async function adminOf({ url, admin, passwordFile }: ExamChoice, token: string | undefined): Promise<Api> {
  if (admin && passwordFile) {
    const api = new Api(url);
    await api.login(admin, (await readFile(passwordFile, 'utf8')).trim());
    return api;
  }
  if (admin || passwordFile) throw new UsageError('--admin and --password-file go together');
  if (token) return new Api(url, token);
  throw new UsageError('no exam: give --exam ID, or --admin EMAIL --password-file FILE, or INVIGIL_ADMIN_TOKEN');
}

/** What the server says of itself. @throws UsageError that says how to start one when nobody listens */
export async function findServer(url: string): Promise<Record<string, unknown>> {
  try {
    return await new Api(url).health();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 0) throw error;
    throw new UsageError(
      `nothing answers at ${url}. Start a server first:\n\n` +
        '  ADMIN_EMAIL=admin@example.org ADMIN_PASSWORD=... npm start\n\n' +
        'or try `npm run demo`, which brings its own server and students.',
    );
  }
}
