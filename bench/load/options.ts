import { numberOption, UsageError } from '../../simulator/options.ts';
import { SCRIPTS, scriptNamed } from '../../simulator/scripts.ts';
import type { AdminChoice } from '../../simulator/exam.ts';
import type { BenchOptions } from '../benchmark.ts';
import { serverUrlOf } from '../../simulator/server/server-url.ts';

const STUDENTS = 20;
const SECS = 60;
/** Default analysis rate of policies. */
const FPS = 1;
/** Default ramp-up, students per second. */
const RAMP_PER_SECOND = 20;
/** Drawn scenes shared by the students. */
const SCENES = 8;

/** Usage line of each option. */
export const LOAD_OPTIONS = {
  url: '  --url URL      URL of the server (http://127.0.0.1:8080)',
  admin:
    '  --admin EMAIL  admin account, with --password-file. Alternatively a token: --token-file or INVIGIL_ADMIN_TOKEN in the\n                 environment',
  'password-file': '  --password-file FILE  password of the admin',
  'token-file': '  --token-file FILE  access token of an admin',
  students: `  --students N   number of students (${STUDENTS})`,
  ramp: `  --ramp R       ramp-up time, seconds (students / ${RAMP_PER_SECOND})`,
  script: `  --script NAME  one behaviour for all students instead of a mix:\n                 ${SCRIPTS.map(({ name }) => name).join(', ')}`,
  html: '  --html FILE    writes the report as a page with plots',
} as const;

export interface LoadPlan extends AdminChoice {
  readonly students: number;
  /** Frames per second of each student; the created exam analyses as many. */
  readonly fps: number;
  /** Measurement time with everyone connected, s. */
  readonly secs: number;
  /** Ramp-up time, s. */
  readonly ramp: number;
  readonly script: string | undefined;
  /** Folder of JPEG files; default: drawn ones. */
  readonly frames: string | undefined;
  readonly scenes: number;
  readonly html: string | undefined;
}

/** @throws UsageError */
export function readPlan({
  secs = SECS,
  fps = FPS,
  frames,
  own = {},
}: Pick<BenchOptions, 'secs' | 'fps' | 'frames' | 'own'>): LoadPlan {
  const given = own as Partial<Record<keyof typeof LOAD_OPTIONS, string>>;
  const { url = 'http://127.0.0.1:8080', script } = given;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`--url is not an address: ${url}`);
  if (script !== undefined) checkScript(script);
  const students =
    given.students === undefined
      ? STUDENTS
      : numberOption('students', given.students, { min: 1, max: 10_000, whole: true });
  return {
    url: serverUrlOf(url),
    admin: given.admin,
    passwordFile: given['password-file'],
    tokenFile: given['token-file'],
    students,
    fps,
    secs,
    ramp:
      given.ramp === undefined ? students / RAMP_PER_SECOND : numberOption('ramp', given.ramp, { min: 0, max: 3600 }),
    script,
    frames,
    scenes: Math.min(students, SCENES),
    html: given.html,
  };
}

function checkScript(script: string): void {
  try {
    scriptNamed(script);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
