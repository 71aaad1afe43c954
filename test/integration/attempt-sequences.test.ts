import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { AvailableExam, Exam } from '../../protocol/http/exams.ts';
import type { AccommodationProfile } from '../../protocol/http/profiles.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { LONGEST_PAUSE_MS } from '../../protocol/pause.ts';
import { ADMIN } from '../support/admin.ts';
import { KINDS } from '../support/databases.ts';
import { EXAM_ACTS, type ExamAct } from '../support/exam-acts.ts';
import { type ExamHistory, readHistory } from '../support/exam-history.ts';
import { ManualTime } from '../support/manual-time.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';

const MINUTE = 60_000;
const DURATION = 60;
const CALIBRATION = 30;
const WINDOW = 240;
/** Per cent of the duration, and minutes of it. */
const PROFILE = { percent: 25, minutes: 15 };
const RUNS = Number(process.env['TEST_RUNS'] ?? sized(15, 5));

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`random sequences of acts on one student's exam, on ${title}`, () => {
    const time = new ManualTime();
    let site: TestServer;
    let db: Db;
    let profile: AccommodationProfile;
    beforeAll(async () => {
      site = await startTestServer({
        kind,
        overrides: { clock: time.clock, timers: time.timers, db: (real) => (db = real) },
      });
      profile = await site.admin.post<AccommodationProfile>('/api/accommodation-profiles', {
        name: 'A quarter more',
        terms: { extraPercent: PROFILE.percent },
      });
    });
    afterAll(() => site?.close());

    const statusOf = (error: unknown) => (error as { status?: number }).status ?? 500;
    /** Refusals are answers too; a fault of the server is none. */
    const attempt = async (work: Promise<unknown>): Promise<boolean> => {
      try {
        await work;
        return true;
      } catch (error) {
        if (statusOf(error) >= 500) throw error;
        return false;
      }
    };

    async function run(acts: readonly ExamAct[], maxAttempts: number, lateStartMinutes: number | null): Promise<void> {
      // The runs last weeks of the server's time, longer than a login.
      await site.admin.login(ADMIN.email, ADMIN.password);
      const proctor = await site.proctor();
      const opensAt = time.now + 3 * MINUTE;
      const student = await site.student();
      const exam = await site.admin.createExam(
        { calibration: { seconds: CALIBRATION } },
        {
          status: 'scheduled',
          startsAt: new Date(opensAt).toISOString(),
          endsAt: new Date(opensAt + WINDOW * MINUTE).toISOString(),
          durationMinutes: DURATION,
          lateStartMinutes,
          maxAttempts,
          openTo: 'enrolled',
        },
      );
      const path = `/api/exams/${exam.id}/students/${student.userId}`;
      const enrol = async (minutes: number, withProfile: boolean): Promise<void> => {
        mostExtra = Math.max(mostExtra, minutes + (withProfile ? PROFILE.minutes : 0));
        const accommodationProfileId = withProfile ? profile.id : null;
        await site.admin.request('PUT', path, { extraMinutes: minutes, accommodationProfileId });
      };
      /** Most minutes that any enrolment so far has added. */
      let mostExtra = 0;
      /** Time by which ends came after their deadlines: the server looks for them at intervals, ms. */
      let late = 0;
      await enrol(0, false);

      /** Latest end of the attempts since the last used readmission with one, with the minutes added since, ms. */
      let latestEnd = Infinity;
      let seen = 0;
      const granted: Grants = new Map();
      let extendedBefore = 0;
      let givenAt = 0;
      let previous = 0;
      const checkEnd = (facts: ExamHistory): void => {
        const given = facts.log.flatMap(({ readmissionId }) => readmissionId ?? []);
        if (given.length > seen) {
          seen = given.length;
          const { until: end } = facts.used.find(({ id }) => id === given.at(-1))!;
          latestEnd = end ?? Infinity;
          // Minutes added in the same step as the start count as later ones.
          extendedBefore = previous;
          givenAt = facts.log.findLast(({ readmissionId }) => readmissionId === given.at(-1))!.at;
        }
        previous = facts.extended;
        const live = running(facts);
        if (live?.deadline)
          expect(
            live.deadline,
            'no attempt since a readmission with an end is longer than this end',
          ).toBeLessThanOrEqual(
            latestEnd + (facts.extended - extendedBefore) * MINUTE + pausedMs(facts, { from: givenAt, to: time.now }),
          );
      };
      const history = () => readHistory(db, exam.id, student.userId);
      const running = ({ sessions }: ExamHistory) => sessions.find(({ status }) => status !== 'ended');
      const view = async () =>
        (await student.get<{ items: AvailableExam[] }>('/api/exams/available?limit=200')).items.find(
          ({ id }) => id === exam.id,
        );

      /** Resolves when it is stored, or refused. */
      async function command(session: string, body: Record<string, unknown>, type: string): Promise<void> {
        const count = async () =>
          Number(
            (
              await db
                .selectFrom('events')
                .select((eb) => eb.fn.countAll().as('n'))
                .where('session_id', '=', session)
                .where('type', '=', type)
                .executeTakeFirstOrThrow()
            ).n,
          );
        const before = await count();
        const socket = new RawSocket(site.url, await proctor.consoleTicket());
        await socket.opened();
        socket.send({ type: 'command', session, ...body });
        await waitFor(type, async () => {
          if (socket.of('error').length > 0 || (await count()) > before) return true;
          // Overtaken by another end, which may be answered as its own.
          return (await history()).sessions.find(({ id }) => id === session)?.status === 'ended';
        });
        socket.close();
      }

      async function start(times: number): Promise<void> {
        const before = await history();
        const shown = await view();
        const answers = await Promise.all(Array.from({ length: times }, () => tryStart()));
        const made = answers.filter((one) => one !== undefined);
        expect(made.length, 'of starts at once, one is made').toBeLessThanOrEqual(1);
        expect(made.length === 1, 'a start agrees with the view').toBe(shown?.canStart ?? false);
        if (made.length === 0 || before.sessions.length > 0) return;
        expect(time.now, 'no first start before the exam opens').toBeGreaterThanOrEqual(opensAt);
        const latest = lateStartMinutes ?? WINDOW + mostExtra;
        expect(time.now, 'no first start after the time for one').toBeLessThanOrEqual(opensAt + latest * MINUTE);
      }
      async function tryStart(): Promise<Session | undefined> {
        let session: Session | undefined;
        await attempt(student.startSession(exam.id).then((one) => (session = one)));
        return session;
      }

      async function readmit(act: Extract<ExamAct, { do: 'readmit' }>): Promise<void> {
        const { sessions } = await history();
        const last = sessions.at(-1);
        if (!last) return;
        await attempt(
          proctor.post(`/api/sessions/${last.id}/readmissions`, {
            kind: act.kind,
            reason: 'power cut',
            extraMinutes: act.minutes,
            until: act.until === null ? null : new Date(time.now + act.until * MINUTE).toISOString(),
          }),
        );
      }

      async function wait(ms: number): Promise<void> {
        const until = time.now + ms;
        const live = running(await history());
        const ends = live?.pausedAt ? live.pausedAt + LONGEST_PAUSE_MS : live?.deadline;
        if (ends && ends <= until) {
          time.advance(Math.max(0, ends - time.now));
          await waitFor('the end', async () => {
            time.advance(5000);
            return running(await history()) === undefined;
          });
          const end = (await history()).log.findLast(({ type }) => type === 'SESSION_ENDED')!;
          expect(end.reason).toBe('expired');
          late += end.at - ends;
        }
        time.advance(Math.max(0, until - time.now));
        for (const api of [site.admin, proctor, student]) await api.renew();
      }

      async function perform(act: ExamAct): Promise<void> {
        if (act.do === 'together') return void (await Promise.all(act.acts.map(racing)));
        if (act.do === 'start') return start(act.times);
        if (act.do === 'wait') return wait(act.minutes * MINUTE);
        if (act.do === 'readmit') {
          const before = await history();
          await readmit(act);
          const after = await history();
          if (after.pending.length > before.pending.length)
            expect(await view(), 'a readmission promises a start').toMatchObject({ canStart: true });
          return;
        }
        return racing(act);
      }

      async function racing(act: ExamAct): Promise<void> {
        const before = await history();
        const live = running(before);
        switch (act.do) {
          case 'start':
            return void (await Promise.all(Array.from({ length: act.times }, tryStart)));
          case 'readmit':
            return readmit(act);
          case 'finish':
            return void (live && (await attempt(student.post(`/api/sessions/${live.id}/end`))));
          case 'terminate':
            return live && command(live.id, { do: 'terminate', reason: 'a phone' }, 'SESSION_TERMINATED');
          case 'extend':
            return live && command(live.id, { do: 'extend', minutes: act.minutes }, 'SESSION_EXTENDED');
          case 'pause':
            return live?.status === 'active' ? command(live.id, { do: 'pause' }, 'SESSION_PAUSED') : undefined;
          case 'resume':
            return live?.status === 'paused' ? command(live.id, { do: 'resume' }, 'SESSION_RESUMED') : undefined;
          case 'withdraw': {
            const [id] = before.pending;
            const last = before.sessions.at(-1);
            if (id && last) await attempt(proctor.request('DELETE', `/api/sessions/${last.id}/readmissions/${id}`));
            return;
          }
          case 'unenrol':
            return void (await attempt(site.admin.request('DELETE', path)));
          case 'enrol':
            return enrol(act.minutes, act.profile);
          case 'status':
            return void (await attempt(
              site.admin.request<Exam>('PATCH', `/api/exams/${exam.id}/status`, { status: act.to }),
            ));
          default:
            throw new Error(`${act.do} races nothing`);
        }
      }

      for (const act of acts) {
        await perform(act);
        const facts = await history();
        check(facts, { maxAttempts, mostExtra, late, now: time.now });
        checkEnd(facts);
        noteGrant(facts, granted);
        checkGrants(facts, granted);
      }
      // The longest pause, and then some.
      await wait(25 * 60 * MINUTE);
      const facts = await history();
      check(facts, { maxAttempts, mostExtra, late, now: time.now });
      checkGrants(facts, granted);
      expect(running(facts), 'nothing runs for ever').toBeUndefined();
    }

    test('nobody has more attempts than allowed, starts again unasked, or has more time than granted', async () => {
      await fc.assert(fc.asyncProperty(EXAM_ACTS, fc.constantFrom(1, 2, 3), fc.constantFrom(null, 30), run), {
        numRuns: RUNS,
        examples: (['new', 'continue'] as const).map((how): [ExamAct[], number, null] => [
          untilThenAgain(how),
          3,
          null,
        ]),
      });
    });
  });
}

/** Readmitted with an end, handed in before it, and started again. */
const untilThenAgain = (kind: 'new' | 'continue'): ExamAct[] => [
  { do: 'wait', minutes: 5 },
  { do: 'start', times: 1 },
  { do: 'wait', minutes: 2 },
  { do: 'finish' },
  { do: 'readmit', kind, minutes: 0, until: 10 },
  { do: 'start', times: 1 },
  { do: 'finish' },
  { do: 'start', times: 1 },
];

interface Bounds {
  readonly maxAttempts: number;
  readonly mostExtra: number;
  readonly late: number;
  readonly now: number;
}

function check(history: ExamHistory, { maxAttempts, mostExtra, late, now }: Bounds): void {
  const { sessions, used, log } = history;
  const fresh = used.filter(({ kind }) => kind === 'new').length;
  expect(sessions.length, 'attempts').toBeLessThanOrEqual(maxAttempts + fresh);
  expect(sessions.map(({ attempt }) => attempt)).toEqual(sessions.map((_, index) => index + 1));
  expect(sessions.filter(({ status }) => status !== 'ended').length, 'running attempts').toBeLessThanOrEqual(1);
  expect(history.pending.length, 'readmissions at once').toBeLessThanOrEqual(1);
  if (sessions.at(-1)?.status !== 'ended')
    expect(history.pending, 'no readmission waits beside a running attempt').toEqual([]);
  const given = log.flatMap(({ readmissionId }) => readmissionId ?? []);
  expect(given.toSorted(), 'each readmission starts once').toEqual(used.map(({ id }) => id).toSorted());

  let spent = 0;
  for (const [index, step] of log.entries()) {
    const before = log[index - 1];
    const begins = step.type !== 'SESSION_ENDED';
    expect(begins, 'starts and ends alternate').toBe(before === undefined || before.type === 'SESSION_ENDED');
    if (!begins) spent += step.at - before!.at - pausedMs(history, { from: before!.at, to: step.at });
    else if (before && before.reason !== 'finished' && before.reason !== 'ended')
      expect(step.readmissionId, `a start after ${before.reason} needs a readmission`).toBeDefined();
    if (step.type === 'SESSION_CONTINUED') expect(step.session).toBe(before?.session);
  }
  const last = log.at(-1);
  const live = sessions.at(-1);
  if (!last || !live) return;
  if (last.type !== 'SESSION_ENDED') {
    expect(live.deadline, 'a deadline').not.toBeNull();
    const paused = pausedMs(history, { from: last.at, to: now });
    spent +=
      Math.max(live.pausedAt ?? now, live.deadline!) - last.at - paused + (live.pausedAt ? now - live.pausedAt : 0);
  }
  const whole = (DURATION + mostExtra) * MINUTE + CALIBRATION * 1000;
  const added = used.reduce((sum, { minutes }) => sum + minutes, history.extended) * MINUTE;
  expect(spent, 'time spent and left').toBeLessThanOrEqual((1 + fresh) * whole + added + late);
}

/** Length of the pauses within a stretch of time, ms: attempts of one student follow one another. */
function pausedMs({ acts, log }: ExamHistory, { from, to }: { readonly from: number; readonly to: number }): number {
  let sum = 0;
  for (const [index, act] of acts.entries()) {
    if (act.type !== 'SESSION_PAUSED') continue;
    const resumed = acts
      .slice(index)
      .find(({ type, session }) => type === 'SESSION_RESUMED' && session === act.session);
    const ended = log.find(
      ({ type, session, at }) => type === 'SESSION_ENDED' && session === act.session && at >= act.at,
    );
    const end = Math.min(resumed?.at ?? Infinity, ended?.at ?? Infinity, to);
    sum += Math.max(0, end - Math.max(act.at, from));
  }
  return sum;
}

/** Time granted at a start or a continuation without later extensions, ms, by its place in the log. */
type Grants = Map<number, number>;

const extendedMs = ({ acts }: ExamHistory, session: string, from: number, to: number) =>
  acts.reduce((sum, act) => sum + (act.session === session && act.at >= from && act.at <= to ? act.minutes : 0), 0) *
  MINUTE;

/** Notes the time of an attempt that began in the last step. */
function noteGrant(facts: ExamHistory, grants: Grants): void {
  const index = facts.log.length - 1;
  const last = facts.log.at(-1);
  const live = facts.sessions.find(({ status }) => status !== 'ended');
  if (!last || last.type === 'SESSION_ENDED' || !live?.deadline || grants.has(index)) return;
  grants.set(index, live.deadline - last.at - extendedMs(facts, live.id, last.at, Infinity));
}

/** An attempt whose time was over had all of it, whatever was paused. */
function checkGrants(facts: ExamHistory, grants: Grants): void {
  for (const [index, granted] of grants) {
    const [begin, end] = [facts.log[index]!, facts.log[index + 1]];
    if (!end || end.reason !== 'expired') continue;
    if (facts.acts.some(({ type, at }) => type === 'PAUSE_EXPIRED' && at === end.at)) continue;
    const had = end.at - begin.at - pausedMs(facts, { from: begin.at, to: end.at });
    const due = granted + extendedMs(facts, begin.session, begin.at, end.at);
    expect(had, 'time had by the end of the time').toBeGreaterThanOrEqual(due);
  }
}
