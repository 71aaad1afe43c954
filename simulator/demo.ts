import { databaseSettings } from './server/database-settings.ts';
import { parseArgs } from 'node:util';
import { freePort } from './server/free-port.ts';
import { type Account, newPassword, startOwnServer } from './server/own-server.ts';
import { type ServerProcess, temporaryFolder } from './server/server-process.ts';
import { Crowd, newRunName } from './crowd.ts';
import { makeExam } from './exam.ts';
import { openFrames } from './frame-source.ts';
import { numberOption, UsageError } from './options.ts';

const USAGE = `usage: npm run demo -- [--students N] [--frames DIR]

Runs a server with simulated students (8) until Ctrl-C. It listens on PORT (8080, or a free port if taken) and stores
its data in DATA_DIR (default: a temporary folder, removed at the end). It always uses the embedded database and
ignores DATABASE_URL and PGHOST.
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function announce(url: string, admin: Account, proctor: Account, students: number): void {
  say(`
  Console   ${url}/console
  Proctor   ${proctor.email}   ${proctor.password}
  Admin     ${admin.email}   ${admin.password}
  Exam page ${url}/exam   (take the exam yourself: register there)

  ${students} simulated students are connecting. Press Ctrl-C to stop.
`);
}

async function demo({ students, frames: folder }: { students: number; frames: string | undefined }): Promise<void> {
  const stop = new AbortController();
  // A second signal does not speed it up: shutdown takes seconds.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

  const data = process.env['DATA_DIR'] ? undefined : temporaryFolder();
  let server: ServerProcess | undefined;
  let crowd: Crowd | undefined;
  try {
    // Drawing continues while the server starts.
    const drawing = openFrames({ frames: folder, scenes: students, students }, say);
    const own = await startOwnServer({
      env: {
        ...(data && { DATA_DIR: data.path }),
        ...databaseSettings(undefined),
        PORT: process.env['PORT'] || String(await freePort(8080)),
        DRAIN_SECONDS: '1',
      },
      warn: (message) => say(`server: ${message}`),
      died: (code) => {
        say(`the server ended with code ${code}`);
        process.exitCode = 1;
        stop.abort();
      },
    });
    const { admin, account } = own;
    server = own.server;
    const proctor = { email: `proctor-${newRunName()}@example.org`, password: newPassword() };
    await admin.createUser({ ...proctor, name: 'Proctor', role: 'proctor' });
    const exam = await makeExam(admin, 'Demo exam', undefined);
    announce(server.url, account, proctor, students);

    const frames = await Promise.race([drawing.usable, aborted(stop.signal)]);
    if (!frames) return;
    crowd = new Crowd({ server: server.url, students, frames });
    await crowd.prepare(exam, () => {});
    await crowd.connect(students * 500, stop.signal);
    if (stop.signal.aborted) return;
    say(`${crowd.tally.live} students are live: ${crowd.students.map((student) => student.script.name).join(', ')}`);
    await aborted(stop.signal);
    say('stopping');
    await crowd.finish();
  } finally {
    crowd?.close();
    await server?.stop();
    data?.remove();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function readArguments(): { students: number; frames: string | undefined } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        students: { type: 'string', default: '8' },
        frames: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    return {
      students: numberOption('students', values.students, { min: 1, max: 100, whole: true }),
      frames: values.frames,
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

try {
  const given = readArguments();
  if (!given) process.stdout.write(USAGE);
  else {
    await demo(given);
    // Drawing threads may still be running.
    process.exit();
  }
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(USAGE);
  process.exit(error instanceof UsageError ? 2 : 1);
}
