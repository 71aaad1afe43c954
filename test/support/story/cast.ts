import { Api as SimulatorApi } from '../../../simulator/api.ts';
import { Crowd } from '../../../simulator/crowd.ts';
import { openFrames } from '../../../simulator/frame-source.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { PolicyInput } from '../../../protocol/policy.ts';
import type { Session } from '../../../protocol/http/sessions.ts';
import { FORTY_NAMES } from '../forty-names.ts';
import { PASSWORD } from '../term/page-steps.ts';
import type { Account, StorySite } from './story-site.ts';

export const EXAM = 'Contract law';
const MINUTES = 90;
export const RETENTION_DAYS = 6;
const POLICY: PolicyInput = {
  calibration: { seconds: 0 },
  frames: { sendFps: 0.5, analyseFps: 0.5 },
  // A busy machine is no incident.
  holds: { noFrame: 3600 },
  conversation: { showWatching: true },
  release: { secondPerson: true, answerDays: 14, appealDays: 14 },
  retentionDays: RETENTION_DAYS,
};

export interface StoryStudent extends Account {
  readonly room: 'A' | 'B';
  readonly session: string;
}

/** Everybody of the story. The first student, of room A, sits in front of a browser; the others are simulated. */
export interface Cast {
  readonly exam: Exam;
  readonly manager: Account;
  /** Proctors of room A and of room B. */
  readonly anna: Account;
  readonly ben: Account;
  readonly reviewer: Account;
  readonly officer: Account;
  readonly students: readonly StoryStudent[];
  readonly crowd: Crowd;
}

/** People, rooms and an exam that has begun for all of its students. */
export async function gather(site: StorySite): Promise<Cast> {
  const staff = {
    manager: await site.account('Mona Keller', 'mona@example.org', 'manager'),
    anna: await site.account('Anna Berg', 'anna@example.org', 'proctor'),
    ben: await site.account('Ben Castro', 'ben@example.org', 'proctor'),
    reviewer: await site.account('Rita Lang', 'rita@example.org', 'reviewer'),
    officer: await site.account('Otto Weiss', 'otto@example.org', 'reviewer'),
  };
  const exam = await site.admin.createExam(POLICY, {
    title: EXAM,
    durationMinutes: MINUTES,
    maxAttempts: 1,
    openTo: 'enrolled',
    staffAccess: 'assigned',
  });
  await site.assign(exam, staff.anna, 'A');
  await site.assign(exam, staff.ben, 'B');
  for (const person of [staff.reviewer, staff.officer]) await site.assign(exam, person);

  const seated: (Account & Pick<StoryStudent, 'room'>)[] = [];
  for (const [n, name] of FORTY_NAMES.entries()) {
    const student = await site.account(name, `student-${n + 1}@example.org`, 'student');
    const room = n < FORTY_NAMES.length / 2 ? 'A' : 'B';
    await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.id}`, { room });
    seated.push({ ...student, room });
  }
  const [first, ...others] = seated;
  const crowd = await simulate(site, exam, others);
  const { id } = await (await site.as(first!)).post<Session>('/api/sessions', { examId: exam.id });
  const sessions = [id, ...crowd.students.map(({ sessionId }) => sessionId)];
  const students = seated.map((student, n) => ({ ...student, session: sessions[n]! }));
  return { exam, ...staff, students, crowd };
}

/** Students on the real exam client, who sit in front of drawn cameras and look at the screen. */
async function simulate(site: StorySite, exam: Exam, accounts: readonly Account[]): Promise<Crowd> {
  const script = 'attentive';
  const frames = await openFrames({ scenes: 6, students: accounts.length, script }, () => {}).complete;
  const crowd = new Crowd({
    server: site.url,
    students: accounts.length,
    frames,
    script,
    account: (n) => accounts[n]!,
    password: PASSWORD,
    admin: new SimulatorApi(site.url, site.admin.tokens!.accessToken),
  });
  await crowd.prepare(exam.id, () => {});
  await crowd.connect(0, AbortSignal.timeout(120_000));
  return crowd;
}
