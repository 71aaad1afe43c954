import { parseArgs } from 'node:util';
import { SCRIPTS, scriptNamed } from './scripts.ts';
import { serverUrlOf } from './server/server-url.ts';

export const USAGE = `usage: npm run simulate -- --students N --seconds S [options]

Runs simulated students against a running server, in an existing exam (--exam) or in one that an admin creates:
--admin, INVIGIL_ADMIN_TOKEN, or ADMIN_EMAIL and ADMIN_PASSWORD of the server (also from .env). Without any, a terminal is
asked for the admin.

  --students N            number of students (10)
  --seconds S             streaming time of all students after the ramp-up (30)
  --url URL               URL of the server (http://127.0.0.1:8080)
  --exam ID               id of an active exam
  --admin EMAIL           admin account that creates an exam, with --password-file; alternatively an access token
                          in the environment variable INVIGIL_ADMIN_TOKEN
  --password-file FILE    password of the admin
  --script NAME           one behaviour for all students (default: a mix)
  --frames DIR            JPEG files to send instead of drawn ones; file names starting with ONE, NONE, MULTI, AWAY or
                          EYES show one person, nobody, several people, a turned head, averted eyes
  --scenes N              number of drawn scenes shared by the students (8)
  --fps F                 frames per second; also the analysis rate of a created exam (default: the server's rate)
  --ramp S                ramp-up time, seconds (students / 20)
  --run NAME              part of the addresses student-NAME-1@example.org (random); with an earlier name, the same
                          accounts log in with the password in the environment variable INVIGIL_STUDENT_PASSWORD
  --check                 verifies at the end that each acknowledged signal is stored exactly once
  --tolerate-drops        dropped connections are no error, for tests that restart the server
  --server-pid PID        local server process whose memory and CPU time are measured
  --json FILE             writes all figures with units
  --help

behaviours:
${SCRIPTS.map(({ name, about }) => `  ${name.padEnd(15)} ${about}`).join('\n')}

Exit status: 1 after an error or a failed check, 2 for invalid arguments.
`;

/** Invalid command line. */
export class UsageError extends Error {}

const OPTIONS = {
  students: { type: 'string', default: '10' },
  seconds: { type: 'string', default: '30' },
  url: { type: 'string', default: 'http://127.0.0.1:8080' },
  exam: { type: 'string' },
  admin: { type: 'string' },
  'password-file': { type: 'string' },
  script: { type: 'string' },
  frames: { type: 'string' },
  scenes: { type: 'string', default: '8' },
  fps: { type: 'string' },
  ramp: { type: 'string' },
  run: { type: 'string' },
  check: { type: 'boolean', default: false },
  'tolerate-drops': { type: 'boolean', default: false },
  'server-pid': { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** A number within bounds. @throws UsageError */
export function numberOption(
  name: string,
  text: string,
  { min, max, whole = false }: { min: number; max: number; whole?: boolean },
): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
    throw new UsageError(
      `--${name} must be ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}, not ${text}`,
    );
  }
  return value;
}

export type SimulateOptions = ReturnType<typeof readOptions>;

/** @throws UsageError */
export function readOptions(args: readonly string[]) {
  const given = parse(args);
  const students = numberOption('students', given.students, { min: 1, max: 10_000, whole: true });
  if (!URL.canParse(given.url)) throw new UsageError(`--url is not an address: ${given.url}`);
  if (given.script !== undefined) named(given.script);
  return {
    help: given.help,
    students,
    seconds: numberOption('seconds', given.seconds, { min: 1, max: 24 * 3600 }),
    url: serverUrlOf(given.url),
    exam: given.exam,
    admin: given.admin,
    passwordFile: given['password-file'],
    script: given.script,
    frames: given.frames,
    scenes: Math.min(students, numberOption('scenes', given.scenes, { min: 1, max: 1000, whole: true })),
    fps: given.fps === undefined ? undefined : numberOption('fps', given.fps, { min: 0.1, max: 15 }),
    ramp: given.ramp === undefined ? students / 20 : numberOption('ramp', given.ramp, { min: 0, max: 3600 }),
    run: given.run,
    check: given.check,
    tolerateDrops: given['tolerate-drops'],
    serverPid:
      given['server-pid'] === undefined
        ? undefined
        : numberOption('server-pid', given['server-pid'], { min: 1, max: 2 ** 31, whole: true }),
    json: given.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function named(script: string): void {
  try {
    scriptNamed(script);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
