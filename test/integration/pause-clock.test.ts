import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { LONGEST_PAUSE_MS } from '../../protocol/pause.ts';
import { ADMIN } from '../support/admin.ts';
import { type Attempt, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { jpeg } from '../support/pictures.ts';
import { ManualTime } from '../support/manual-time.ts';
import { greet, type RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const timed = { durationMinutes: 60 };
const NO_CALIBRATION = { calibration: { seconds: 0 } };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`C18: a pause stops the clock, on ${title}`, () => {
    const time = new ManualTime();
    let site: TestServer;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: time.clock, timers: time.timers } });
    });
    afterAll(() => site?.close());

    const stored = (attempt: Attempt) => attempt.student.get<Session>(`/api/sessions/${attempt.session.id}`);
    const leftOf = ({ deadline }: { deadline: string | null }, at: number) => Date.parse(deadline!) - at;

    interface Sat {
      readonly attempt: Attempt;
      readonly exam: RawSocket;
      readonly staff: RawSocket;
      command(command: Record<string, unknown>): void;
    }
    /** Sockets live for 15 min of the server's time: `later` makes new ones. */
    async function sit(more: Record<string, unknown> = timed): Promise<Sat> {
      await site.admin.login(ADMIN.email, ADMIN.password);
      return open(await startAttempt(site, NO_CALIBRATION, more));
    }
    async function open(attempt: Attempt): Promise<Sat> {
      const [exam, staff] = [await attempt.connect(), await watchExam(site, attempt.exam.id)];
      const command = (body: Record<string, unknown>) =>
        staff.send({ type: 'command', session: attempt.session.id, ...body });
      return { attempt, exam, staff, command };
    }
    const leave = ({ exam, staff }: Sat) => {
      exam.close();
      staff.close();
    };
    async function later(sat: Sat, ms: number): Promise<Sat> {
      leave(sat);
      time.advance(ms);
      await site.admin.login(ADMIN.email, ADMIN.password);
      await sat.attempt.student.renew();
      return open(sat.attempt);
    }
    const ended = async (attempt: Attempt) => {
      await waitFor('the end', async () => {
        time.advance(1000);
        return (await stored(attempt)).status === 'ended';
      });
      return stored(attempt);
    };

    test('its length is added to the deadline, and the student and the proctor are told the new end', async () => {
      const { attempt, exam, staff, command } = await sit();
      const before = await stored(attempt);
      time.advance(3 * MINUTE);
      const pausedAt = time.now;
      command({ do: 'pause', reason: 'a fire alarm' });
      expect(await exam.next('paused')).toEqual({
        type: 'paused',
        reason: 'a fire alarm',
        at: new Date(pausedAt).toISOString(),
      });
      time.advance(8 * MINUTE);
      expect(await stored(attempt)).toMatchObject({
        status: 'paused',
        deadline: before.deadline,
        pausedAt: new Date(pausedAt).toISOString(),
      });
      command({ do: 'resume' });
      const extended = await exam.next('extended');
      const end = new Date(Date.parse(before.deadline!) + 8 * MINUTE).toISOString();
      expect(extended).toMatchObject({ deadline: end, pausedMs: 8 * MINUTE });
      await exam.next('resumed');
      await staff.until('the new end', () =>
        staff.of('session').some(({ session }) => {
          const { deadline, status, pausedAt: at } = session as Session;
          return status === 'active' && deadline === end && at === null;
        }),
      );
      const [resumed] = (await attempt.events()).filter(({ type }) => type === 'SESSION_RESUMED');
      expect(resumed!.details).toMatchObject({ pausedMs: 8 * MINUTE, deadline: end });
      exam.close();
      staff.close();
    });

    test('a pause outlasts the deadline, and what was left is left when it ends', async () => {
      let sat = await sit({
        ...timed,
        status: 'scheduled',
        startsAt: new Date(time.now - MINUTE).toISOString(),
        endsAt: new Date(time.now + HOUR).toISOString(),
      });
      const { attempt } = sat;
      sat = await later(sat, 50 * MINUTE);
      const before = await stored(attempt);
      const left = leftOf(before, time.now);
      sat.command({ do: 'pause' });
      await sat.exam.next('paused');
      sat = await later(sat, 5 * HOUR);
      expect(await stored(attempt)).toMatchObject({ status: 'paused', deadline: before.deadline });
      sat.command({ do: 'resume' });
      await sat.exam.next('resumed');
      const after = await stored(attempt);
      expect(leftOf(after, time.now)).toBe(left);
      // Also beyond the end of the exam, as an extension.
      const { endsAt } = await site.admin.get<Exam>(`/api/exams/${attempt.exam.id}`);
      expect(Date.parse(endsAt!)).toBeLessThan(time.now);
      time.advance(left - 2000);
      expect((await stored(attempt)).status).toBe('active');
      expect(await ended(attempt)).toMatchObject({ endReason: 'expired', deadline: after.deadline });
      leave(sat);
    });

    test('minutes added during a pause are added to the time that was left', async () => {
      let sat = await later(await sit(), 59 * MINUTE);
      const left = leftOf(await stored(sat.attempt), time.now);
      sat.command({ do: 'pause' });
      await sat.exam.next('paused');
      const pausedAt = time.now;
      sat = await later(sat, 2 * HOUR);
      sat.command({ do: 'extend', minutes: 15 });
      const extended = await sat.exam.next('extended');
      expect(extended['pausedMs']).toBeUndefined();
      expect(leftOf({ deadline: String(extended['deadline']) }, pausedAt)).toBe(left + 15 * MINUTE);
      sat = await later(sat, HOUR);
      sat.command({ do: 'resume' });
      await sat.exam.next('resumed');
      expect(leftOf(await stored(sat.attempt), time.now)).toBe(left + 15 * MINUTE);
      leave(sat);
    });

    test('a session that nobody resumes ends after 24 h, says so, and keeps the time that was left', async () => {
      let sat = await later(await sit(), 20 * MINUTE);
      const { attempt } = sat;
      const left = leftOf(await stored(attempt), time.now);
      sat.command({ do: 'pause' });
      await sat.exam.next('paused');
      const pausedAt = time.now;
      sat = await later(sat, LONGEST_PAUSE_MS - 10_000);
      expect((await stored(attempt)).status).toBe('paused');
      const over = await ended(attempt);
      expect(over).toMatchObject({ endReason: 'expired', pausedAt: null });
      expect(Date.parse(over.endedAt!) - pausedAt).toBeGreaterThanOrEqual(LONGEST_PAUSE_MS);
      expect(await sat.exam.next('ended')).toMatchObject({ reason: 'expired' });
      expect((await attempt.events()).filter(({ type }) => type === 'PAUSE_EXPIRED')).toMatchObject([
        { source: 'connection', weight: 0, details: { hours: 24 } },
      ]);
      const proctor = await site.proctor();
      await proctor.post(`/api/sessions/${attempt.session.id}/readmissions`, {
        kind: 'continue',
        reason: 'the building was closed',
      });
      const again = await attempt.student.startSession(attempt.exam.id);
      expect(again).toMatchObject({ id: attempt.session.id, status: 'active' });
      expect(leftOf(again, time.now)).toBe(left);
      leave(sat);
    });

    test('a session that is ended during a pause keeps the time that was left', async () => {
      let sat = await later(await sit(), 20 * MINUTE);
      const left = leftOf(await stored(sat.attempt), time.now);
      sat.command({ do: 'pause' });
      await sat.exam.next('paused');
      sat = await later(sat, 3 * HOUR);
      sat.command({ do: 'terminate', reason: 'a phone' });
      await sat.exam.next('ended');
      const over = await stored(sat.attempt);
      expect(leftOf(over, Date.parse(over.endedAt!))).toBe(left);
      leave(sat);
    });

    test('what one proctor paused, another pauses without effect, and both are recorded', async () => {
      const { attempt, exam, staff, command } = await sit({});
      const other = await watchExam(site, attempt.exam.id);
      command({ do: 'pause', reason: 'first' });
      await exam.next('paused');
      command({ do: 'pause', reason: 'repeated' });
      other.send({ type: 'command', session: attempt.session.id, do: 'pause', reason: 'second' });
      const pauses = async () => (await attempt.events()).filter(({ type }) => type === 'SESSION_PAUSED');
      await waitFor('the second pause', async () => (await pauses()).length === 2);
      const reasons = (await pauses()).map(({ details }: Event) => [details['reason'], details['again'] ?? false]);
      expect(new Map(reasons as [string, boolean][])).toEqual(
        new Map([
          ['first', false],
          ['second', true],
        ]),
      );
      expect(exam.of('paused')).toHaveLength(1);
      for (const socket of [exam, staff, other]) socket.close();
    });

    test('F8: a paused session can be watched, and nothing of it is analysed or weighs', async () => {
      const { attempt, exam, staff, command } = await sit({});
      staff.send({ type: 'watch', session: attempt.session.id, fps: 15 });
      command({ do: 'pause' });
      await exam.next('paused');
      const seen = () => staff.binary.length;
      let seq = 0;
      await waitFor('a picture', async () => {
        time.advance(1000);
        exam.sendFrame(seq++, jpeg(1));
        return seen() > 0;
      });
      exam.send({ type: 'signal', seq: 1, signal: 'TAB_SWITCH', at: new Date(time.now).toISOString() });
      await exam.next('ack');
      const types = await attempt.events();
      expect(types.filter(({ weight }) => weight > 0)).toEqual([]);
      expect(types.map(({ type }) => type)).not.toContain('NO_FRAME_RECEIVED');
      exam.close();
      staff.close();
    });

    const openedBy = async (sat: Sat, seq: number) => {
      // The first second of observation; the acknowledgement follows what it has led to.
      time.advance(1000);
      sat.exam.send({ type: 'signal', seq, signal: 'TAB_SWITCH', at: new Date(time.now).toISOString() });
      await sat.exam.next('ack');
      return (await sat.attempt.events()).map(({ type }) => type);
    };

    test('E6: a client that connects anew during a pause has missed no frame when it ends', async () => {
      const sat = await sit({});
      sat.command({ do: 'pause' });
      await sat.exam.next('paused');
      sat.exam.close();
      await sat.staff.until('the gap', () =>
        sat.staff.of('session').some(({ session }) => !(session as { connected: boolean }).connected),
      );
      time.advance(5000);
      const again = { ...sat, exam: await sat.attempt.connect() };
      time.advance(MINUTE);
      again.command({ do: 'resume' });
      await again.exam.next('resumed');
      expect(await openedBy(again, 1)).not.toContain('NO_FRAME_RECEIVED');
      leave(again);
    });

    test('E6: a client that comes back after its session was resumed without it has missed no frame', async () => {
      const sat = await sit({});
      sat.command({ do: 'pause' });
      await sat.exam.next('paused');
      sat.exam.close();
      await sat.staff.until('the gap', () =>
        sat.staff.of('session').some(({ session }) => !(session as { connected: boolean }).connected),
      );
      sat.command({ do: 'resume' });
      await waitFor('the resumption', async () => (await stored(sat.attempt)).status === 'active');
      time.advance(MINUTE);
      const again = { ...sat, exam: await sat.attempt.connect() };
      expect(await openedBy(again, 1)).not.toContain('NO_FRAME_RECEIVED');
      leave(again);
    });
  });

  test.runIf(available)(`C18: a pause goes on through a restart of the server, on ${title}`, async () => {
    const time = new ManualTime();
    const overrides = { clock: time.clock, timers: time.timers };
    const database = await createDatabase(kind, 'admin');
    let site = await startTestServer({ database, overrides });
    const attempt = await startAttempt(site, NO_CALIBRATION, timed);
    const exam = await attempt.connect();
    const staff = await watchExam(site, attempt.exam.id);
    time.advance(5 * MINUTE);
    const pausedAt = time.now;
    staff.send({ type: 'command', session: attempt.session.id, do: 'pause', reason: 'a fire alarm' });
    await exam.next('paused');
    await site.close();

    site = await startTestServer({ database, overrides });
    // Past the old deadline, with no client: the sweep of overdue sessions leaves it alone.
    time.advance(3 * HOUR);
    await waitFor('a sweep', () => {
      time.advance(31_000);
      return time.now > pausedAt + 3 * HOUR + 5 * MINUTE;
    });
    await site.admin.login(ADMIN.email, ADMIN.password);
    const row = await site.admin.get<Session>(`/api/sessions/${attempt.session.id}`);
    expect(row).toMatchObject({ status: 'paused', pausedAt: new Date(pausedAt).toISOString() });

    const student = site.api();
    await student.login(attempt.session.studentEmail, "Student's password");
    const socket = await greet(site.url, await student.examTicket(attempt.session.id));
    expect(socket.of('welcome')[0]).toMatchObject({
      paused: true,
      pausedAt: new Date(pausedAt).toISOString(),
      deadline: attempt.session.deadline,
    });
    const console = await watchExam(site, attempt.exam.id);
    const resumedAt = time.now;
    console.send({ type: 'command', session: attempt.session.id, do: 'resume' });
    expect(await socket.next('extended')).toMatchObject({
      deadline: new Date(Date.parse(attempt.session.deadline!) + resumedAt - pausedAt).toISOString(),
      pausedMs: resumedAt - pausedAt,
    });
    await socket.next('resumed');
    socket.close();
    console.close();
    await site.close();
    await database.remove();
  });
}
