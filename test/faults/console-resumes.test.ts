import { describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import { type Attempt, signal, startAttempt } from '../support/attempt.ts';
import type { Api } from '../support/api.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { randomChoices } from '../support/random.ts';

const RESUMES = sized(1000, 50);
/** Concurrent consoles; each reconnects twice per round, and the second time stays until it is complete. */
const CONSOLES = 5;
const SESSIONS = 6;
const NOBODY = '01a20128-b3ea-75c2-965a-5ede413d3d6b';

const { below } = randomChoices();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Per session: the event of each change, by offset. Recorded by a console connected from the start. */
type History = Map<string, Map<number, string>>;

interface Change {
  readonly session: string;
  readonly offset: number;
  readonly id: string;
}

/** Messages of one subscription of a console, in order. */
class Viewed {
  readonly socket: RawSocket;
  readonly exam: string;
  readonly from: Readonly<Record<string, number>>;
  /** When it was asked for. */
  readonly since = performance.now();

  constructor(socket: RawSocket, exam: string, from: Readonly<Record<string, number>>) {
    this.socket = socket;
    this.exam = exam;
    this.from = from;
  }

  static async open(
    site: TestServer,
    proctor: Api,
    exam: string,
    from: Readonly<Record<string, number>>,
  ): Promise<Viewed> {
    const socket = new RawSocket(site.url, await proctor.consoleTicket());
    await socket.opened();
    socket.send({ type: 'subscribe', exam, from });
    return new Viewed(socket, exam, from);
  }

  changes(session?: string): Change[] {
    return this.socket
      .of('event')
      .map((message) => ({
        offset: Number(message['offset']),
        id: (message['event'] as Event).id,
        session: (message['event'] as Event).sessionId,
      }))
      .filter((change) => session === undefined || change.session === session);
  }

  /** Offset of the gap reported by the server; undefined without one. */
  gap(session: string): number | undefined {
    const gaps = this.socket
      .of('gap')
      .filter((message) => message['session'] === session)
      .map((message) => Number(message['after']));
    return gaps.length === 0 ? undefined : Math.min(...gaps);
  }

  /** Offset from which everything of a session is expected: the requested one, or that of its first view. */
  start(session: string): number | undefined {
    const first = this.socket.messages
      .flatMap((message) =>
        message.type === 'snapshot'
          ? (message['sessions'] as SessionView[])
          : message.type === 'session'
            ? [message['session'] as SessionView]
            : [],
      )
      .find(({ id }) => id === session);
    if (!first) return undefined;
    // The first change may follow the view of a new session at once.
    const firstChange = this.changes(session)[0]?.offset ?? Number.POSITIVE_INFINITY;
    return Math.min(
      this.from[session] ?? first.offset,
      Math.max(first.offset, 0),
      firstChange - (this.from[session] === undefined ? 1 : 0),
    );
  }

  get sessions(): string[] {
    const shown = this.socket.messages.flatMap((message) =>
      message.type === 'snapshot'
        ? (message['sessions'] as SessionView[])
        : message.type === 'session'
          ? [message['session'] as SessionView]
          : [],
    );
    return [
      ...new Set([
        ...this.changes().map(({ session }) => session),
        ...shown.map(({ id }) => id),
        ...Object.keys(this.from),
      ]),
    ];
  }

  /**
   * Expected changes up to the last received one that are missing: neither received, nor superseded by a later state of
   * the same event, nor covered by a gap.
   */
  silent(history: History): Change[] {
    const missing: Change[] = [];
    for (const session of this.sessions) {
      const start = this.start(session);
      const known = history.get(session);
      if (start === undefined || !known) continue;
      const seen = this.changes(session);
      const offsets = new Set(seen.map(({ offset }) => offset));
      const end = Math.min(Math.max(start, ...offsets), this.gap(session) ?? Number.POSITIVE_INFINITY);
      // A later state of an event supersedes earlier ones: received already, or still to be requested.
      const later = new Map<string, number>();
      for (const [offset, id] of known)
        if (offset > end || offsets.has(offset)) later.set(id, Math.max(offset, later.get(id) ?? 0));
      for (let offset = start + 1; offset <= end; offset++) {
        const id = known.get(offset);
        if (id !== undefined && !offsets.has(offset) && (later.get(id) ?? 0) < offset)
          missing.push({ session, offset, id });
      }
    }
    return missing;
  }
}

describe('reconnecting consoles (P1 P2)', () => {
  test(
    `${RESUMES} resumes: each is complete, or has an announced gap and a snapshot; no silent loss`,
    { timeout: sized(60 * 60_000, 600_000) },
    async () => {
      let db: Db | undefined;
      await using site = await startTestServer({ overrides: { db: (real) => (db = real) } });
      const exam = await site.admin.createExam();
      const elsewhere = await startAttempt(site);
      const proctor = await site.proctor();
      const observer = new RawSocket(site.url, await proctor.consoleTicket());
      await observer.opened();
      observer.send({ type: 'subscribe', exam: exam.id });
      await observer.next('snapshot');
      const history: History = new Map();
      let read = 0;
      const observe = () => {
        const { messages } = observer;
        for (; read < messages.length; read++) {
          const message = messages[read]!;
          expect(message.type, 'the observer has caught up').not.toBe('gap');
          if (message.type !== 'event') continue;
          const { id, sessionId } = message['event'] as Event;
          const known = history.get(sessionId) ?? new Map<number, string>();
          history.set(sessionId, known.set(Number(message['offset']), id));
        }
      };

      /**
       * Each student's session has a socket that sends, is cut, reconnects and sometimes finishes; then another student
       * starts.
       */
      const ended: string[] = [];
      const running: {
        attempt: Pick<Attempt, 'session' | 'student'>;
        socket: RawSocket;
        seq: number;
        since: number;
      }[] = [];
      const begin = async () => {
        const student = await site.student();
        const session = await student.startSession(exam.id);
        const since = performance.now();
        return { attempt: { session, student }, socket: await connect(student, session.id), seq: 0, since };
      };
      const connect = async (student: Api, id: string) => {
        const socket = new RawSocket(site.url, await student.examTicket(id));
        await socket.opened();
        socket.send({ type: 'hello' });
        await socket.next('welcome');
        return socket;
      };
      for (let i = 0; i < SESSIONS; i++) running.push(await begin());
      // One has more changes than are resent at once.
      const long = running[0]!;
      while (long.seq < 1200) {
        for (let i = 0; i < 60; i++) long.socket.send(signal(++long.seq));
        await long.socket.until('acks', () => long.socket.of('ack').at(-1)?.['seq'] === long.seq, 120_000);
      }
      const students = { producing: true, paused: false, idle: 0 };
      const produce = async (index: number) => {
        while (students.producing) {
          await sleep(5 + below(30));
          if (students.paused) {
            students.idle += 1;
            while (students.paused && students.producing) await sleep(10);
            students.idle -= 1;
            continue;
          }
          const each = running[index]!;
          const { student, session } = each.attempt;
          const what = below(100);
          if (what < 85) {
            if (Number(each.socket.of('ack').at(-1)?.['seq'] ?? 0) > each.seq - 50)
              each.socket.send(signal(++each.seq, ['TAB_SWITCH', 'COPY', 'PASTE'][below(3)]));
          } else if (what < 97 || index === 0) {
            // CONNECTION_LOST opens and closes: changes of one event.
            each.socket.terminate();
            each.socket = await connect(student, session.id);
            each.seq = 0;
          } else {
            await student.post(`/api/sessions/${session.id}/end`);
            ended.push(session.id);
            running[index] = await begin();
          }
        }
      };
      const producers = running.map((_, index) => produce(index));
      const rest = async () => {
        students.paused = true;
        await waitFor('students at rest', () => students.idle === SESSIONS);
        // Closed sockets leave events that are stored a moment later.
        let before = -1;
        await waitFor(
          'quiet',
          async () => {
            observe();
            const { last } = await db!
              .selectFrom('sessions')
              .select((eb) => eb.fn.sum<string>('last_offset').as('last'))
              .where('exam_id', '=', exam.id)
              .executeTakeFirstOrThrow();
            const known = [...history.values()].reduce((sum, changes) => sum + changes.size, 0);
            const still = Number(last) === before && known === Number(last);
            before = Number(last);
            if (!still) await sleep(100);
            return still;
          },
          60_000,
        );
      };

      const counts = { resumes: 0, gaps: 0, cut: 0, unknown: 0 };
      const chosen = (): Record<string, number> => {
        const from: Record<string, number> = {};
        for (const id of [...running.map(({ attempt }) => attempt.session.id), ...ended.slice(-3)]) {
          const last = history.get(id)?.size ?? 0;
          switch (below(6)) {
            case 0:
              break;
            case 1:
              from[id] = 0;
              break;
            case 2:
              from[id] = last + 1 + below(1_000_000);
              break;
            case 3:
              from[id] = below(last + 1);
              break;
            default:
              from[id] = Math.max(0, last - below(20));
          }
        }
        if (below(4) === 0) from[NOBODY] = below(100);
        if (below(4) === 0) from[elsewhere.session.id] = 0;
        return from;
      };
      const foreign = (from: Readonly<Record<string, number>>) =>
        [NOBODY, elsewhere.session.id].filter((id) => id in from);

      const cutOff: Viewed[] = [];
      const staying: Viewed[] = [];
      const visit = async () => {
        await sleep(below(100));
        const first = await Viewed.open(site, proctor, exam.id, chosen());
        counts.resumes += 1;
        if (below(3) === 0) first.socket.pause();
        await sleep(below(150));
        first.socket.terminate();
        cutOff.push(first);
        await sleep(below(50));
        staying.push(await Viewed.open(site, proctor, exam.id, chosen()));
        counts.resumes += 1;
      };

      while (counts.resumes < RESUMES) {
        students.paused = false;
        cutOff.length = 0;
        staying.length = 0;
        await Promise.all(Array.from({ length: CONSOLES }, visit));
        await sleep(below(200));
        await rest();

        for (const viewed of cutOff) expect(viewed.silent(history)).toEqual([]);
        counts.cut += cutOff.length;
        for (let viewed of staying) {
          for (let again = 0; ; again++) {
            expect(again, 'repeated resumes reach the end').toBeLessThan(10);
            await viewed.socket.until('the snapshot', () => viewed.socket.of('snapshot').length > 0, 120_000);
            const isComplete = (session: string) => {
              const start = viewed.start(session);
              if (start === undefined) return !(session in viewed.from) || foreign(viewed.from).includes(session);
              if (viewed.gap(session) !== undefined) return true;
              const last = Math.max(start, ...viewed.changes(session).map(({ offset }) => offset));
              return last >= (history.get(session)?.size ?? 0);
            };
            // For each session known or requested: everything, or a gap; nothing is missing silently.
            await viewed.socket.until('everything, or a gap', () => viewed.sessions.every(isComplete), 120_000);
            await viewed.socket.until(
              'errors',
              () => viewed.socket.of('error').length === foreign(viewed.from).length,
              120_000,
            );
            expect(
              viewed.socket
                .of('error')
                .map(({ code, ref }) => `${String(code)} ${String(ref)}`)
                .toSorted(),
            ).toEqual(
              foreign(viewed.from)
                .map((id) => `not_found ${id}`)
                .toSorted(),
            );
            counts.unknown += foreign(viewed.from).length;
            const shown = new Set((viewed.socket.of('snapshot')[0]!['sessions'] as SessionView[]).map(({ id }) => id));
            // A session that begins after the snapshot is told of with its first change.
            const due = running.filter(({ attempt, since }) => since < viewed.since || history.has(attempt.session.id));
            await viewed.socket.until(
              'each session',
              () =>
                due.every(({ attempt: { session } }) => shown.has(session.id) || viewed.sessions.includes(session.id)),
              120_000,
            );
            expect(viewed.silent(history)).toEqual([]);
            const gaps = viewed.sessions.filter((session) => viewed.gap(session) !== undefined);
            viewed.socket.terminate();
            if (gaps.length === 0) break;
            counts.gaps += gaps.length;
            viewed = await Viewed.open(
              site,
              proctor,
              exam.id,
              Object.fromEntries(gaps.map((session) => [session, viewed.gap(session)!])),
            );
          }
        }
      }
      students.producing = false;
      students.paused = false;
      await Promise.all(producers);
      for (const { socket } of running) socket.close();
      observe();
      // The observer is the reference: it matches the database.
      const rows = await db!
        .selectFrom('events')
        .innerJoin('sessions', 'sessions.id', 'events.session_id')
        .select(['events.id', 'session_id', 'change_offset'])
        .where('exam_id', '=', exam.id)
        .execute();
      const different = rows.filter(
        (row) =>
          history.get(row.session_id)?.get(row.change_offset) !== row.id &&
          row.change_offset <= (history.get(row.session_id)?.size ?? 0),
      );
      expect(different).toEqual([]);
      console.log(
        `console resumes: ${counts.resumes}, ${counts.cut} of them cut off; ${counts.gaps} gaps told and mended; ${counts.unknown} ids that are not there answered; ${rows.length} events, ${[...history.values()].reduce((sum, changes) => sum + changes.size, 0)} changes, ${ended.length + SESSIONS} sessions`,
      );
      observer.close();
    },
  );

  test('a console that stops reading receives a gap, and then the missed events (P2)', async () => {
    await using site = await startTestServer();
    // Only signals change a session: no frames are sent, and none are expected.
    const exam = await site.admin.createExam({ holds: { noFrame: 300 } });
    const proctor = await site.proctor();
    const sockets = new Map<string, RawSocket>();
    for (let i = 0; i < 24; i++) {
      const student = await site.student();
      const { id } = await student.startSession(exam.id);
      sockets.set(id, await greet(site.url, await student.examTicket(id)));
    }
    const viewed = await Viewed.open(site, proctor, exam.id, {});
    await viewed.socket.next('snapshot');
    viewed.socket.pause();
    // A console that also sends nothing is ended after 30 s, which a busy machine may need for this.
    const alive = setInterval(() => viewed.socket.pong(), 5000);
    // 11 MB, more than both ends' buffers and the socket's limit, in signals of maximum size, as many at a time as
    // the window allows (S6 S10).
    const total = 240;
    const data = { big: 'x'.repeat(1900) };
    for (let sent = 0; sent < total; sent += 60) {
      for (const socket of sockets.values())
        for (let seq = sent + 1; seq <= sent + 60; seq++) socket.send({ ...signal(seq), data });
      for (const socket of sockets.values())
        await socket.until('acks', () => socket.of('ack').at(-1)?.['seq'] === sent + 60, 120_000);
    }
    clearInterval(alive);
    viewed.socket.resume();
    const seen = new Map([...sockets.keys()].map((id) => [id, new Set<number>()]));
    const missing = () => [...seen].filter(([, offsets]) => offsets.size < total).map(([id]) => id);
    let told = 0;
    for (let again = 0, at: Viewed = viewed; missing().length > 0; again++) {
      expect(again, 'repeated resumes reach the end').toBeLessThan(10);
      const here = (id: string) => at.gap(id) !== undefined || at.changes(id).some(({ offset }) => offset >= total);
      const wanted = missing();
      await at.socket.until('the rest, or a gap', () => wanted.every(here), 60_000);
      const from: Record<string, number> = {};
      for (const id of wanted) {
        for (const { offset } of at.changes(id)) if (offset <= total) seen.get(id)!.add(offset);
        const after = at.gap(id);
        if (after === undefined) continue;
        told += 1;
        from[id] = after;
        // Complete up to the gap.
        for (let offset = 1; offset <= after; offset++) expect(seen.get(id)!.has(offset)).toBe(true);
      }
      at.socket.close();
      if (missing().length > 0) at = await Viewed.open(site, proctor, exam.id, from);
    }
    expect(told).toBeGreaterThan(0);
    console.log(`a console that did not read: ${told} gaps told, ${sockets.size * total} events complete`);
    for (const socket of sockets.values()) socket.close();
  });
});
