import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from './api.ts';
import type { KINDS } from './databases.ts';
import { Clockwork } from './picture-site.ts';
import { startTestServer, type TestServer } from './server.ts';
import { newPerson } from './staffed-site.ts';

const MINUTE_MS = 60_000;

/** Pictures that the exam of a case asks for. */
export const BOTH = { checkIn: { photo: true, document: true } } as const;

/** What a test of check-ins begins with: a student and an exam of its own, one server and one proctor for all. */
export interface CheckInCase {
  readonly site: TestServer;
  readonly proctor: Api;
  readonly student: Api;
  readonly exam: Exam;
}

/** Registers the hooks of a suite. @param begin called before each test, with its case */
export function eachCheckInCase(kind: (typeof KINDS)[number]['kind'], begin: (given: CheckInCase) => void): Clockwork {
  const clock = new Clockwork();
  let site: TestServer;
  let proctor: Api;
  beforeAll(async () => {
    site = await startTestServer({ kind, overrides: { clock: clock.read } });
    proctor = await newPerson(site, 'proctor');
  });
  afterAll(() => site?.close());
  beforeEach(async () => {
    clock.now += MINUTE_MS;
    await Promise.all([site.admin.renew(), proctor.renew()]);
    const student = await newPerson(site, 'student');
    begin({ site, proctor, student, exam: await site.admin.createExam(BOTH) });
  });
  return clock;
}
