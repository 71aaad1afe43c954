import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { type AuditEntry, type AuditVerification, SECURITY_ID } from '../../protocol/http/audit.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session, Ticket } from '../../protocol/http/sessions.ts';
import { SECURITY_ACTS, type SecurityKind } from '../../protocol/security-kinds.ts';
import type { Api } from '../support/api.ts';
import { signal } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { frameForm } from '../support/frame-form.ts';
import { jpeg } from '../support/pictures.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/**
 * Requests for other people's data by everyone without access: refused as documented, without any of that data in the
 * response, and recorded as `SECURITY` entries with kind, actor and target.
 */

const SECRET = 'a secret of more than thirty-two characters';
const NOBODY = '01a20128-b3ea-75c2-965a-5ede413d3d6b';
/** Data that must not reach anyone else. */
const MARKS = ['Philomena', 'Hydraulics', 'VICTIM_SECRET', 'a reason that nobody else reads'];

interface Refused {
  readonly status: number;
  readonly code: string;
}
type Expected = Refused | { readonly error: string; readonly close?: number };
interface Recorded {
  readonly kind: SecurityKind;
  readonly actor: string | null;
  readonly target: string | null;
}

describe.for(KINDS)('forged requests, on $title', ({ kind: database, available }) => {
  let site: TestServer;
  let ahead = 0;
  let victim: Api;
  let victimSocket: RawSocket;
  let attacker: Api;
  let proctor: Api;
  let hidden: Exam;
  let theirs: Session;
  let own: Session;
  let second: Session;
  let stream: string;
  let event: Event;
  let before: Event[];
  /** Expected count of each refusal in the log. */
  const expected = new Map<string, number>();
  /** Every response to anyone but the victim. */
  const told: unknown[] = [];
  let answers = 0;

  beforeAll(async () => {
    if (!available) return;
    site = await startTestServer({
      kind: database,
      env: { JWT_SECRET: SECRET },
      overrides: { clock: () => Date.now() + ahead },
    });
    proctor = await site.proctor();
    victim = await site.student('Philomena');
    attacker = await site.student('Somebody');
    hidden = await site.admin.createExam({}, { title: 'Hydraulics', openTo: 'enrolled' });
    await site.admin.request('PUT', `/api/exams/${hidden.id}/students/${victim.userId}`, {
      extraMinutes: 0,
      detection: {},
    });
    theirs = await victim.startSession(hidden.id);
    own = await attacker.startSession((await site.admin.createExam({}, { title: 'Statics' })).id);
    second = await attacker.startSession((await site.admin.createExam({}, { title: 'Dynamics' })).id);
    victimSocket = await greet(site.url, await victim.examTicket(theirs.id));
    stream = String(victimSocket.of('welcome')[0]!['stream']);
    for (let seq = 1; seq <= 3; seq++) victimSocket.send(signal(seq, 'VICTIM_SECRET'));
    await victimSocket.until('acks', () => victimSocket.of('ack').some((ack) => ack['seq'] === 3));
    event = (await victim.events(theirs.id))[0]!;
    await proctor.post(`/api/events/${event.id}/review`, {
      decision: 'confirmed',
      reason: 'a reason that nobody else reads',
    });
    await victim.send('POST', '/api/proctoring/event', {
      ...json({ sessionId: theirs.id, type: 'VICTIM_SECRET' }),
      headers: { ...json({}).headers, 'idempotency-key': 'the-same-key' },
    });
    before = await reported();
  });
  afterAll(() => site?.close());

  /** Events reported by the victim's client; missing frames cause further events. */
  const reported = async () => (await victim.events(theirs.id)).filter(({ source }) => source === 'client');
  const json = (body: unknown) => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  function record({ kind, actor, target }: Recorded, times = 1): void {
    const key = JSON.stringify([kind, actor, target]);
    expected.set(key, (expected.get(key) ?? 0) + times);
  }

  async function refuses(
    api: Api,
    method: string,
    path: string,
    answer: Refused,
    recorded: Recorded | undefined,
    request: Parameters<Api['send']>[2] = {},
  ): Promise<void> {
    const { status, body } = await api.send(method, path, request);
    told.push(body);
    answers += 1;
    expect([method, path, status, (body as { code?: string }).code]).toEqual([
      method,
      path,
      answer.status,
      answer.code,
    ]);
    if (recorded) record(recorded);
  }

  /** Expects a socket's response: the error, and a close or none. */
  async function answered(socket: RawSocket, answer: Expected, recorded: Recorded): Promise<void> {
    answers += 1;
    if ('status' in answer) expect(await socket.refused()).toEqual(answer);
    else {
      expect(await socket.next('error')).toMatchObject({ code: answer.error });
      if (answer.close) expect(await socket.closed()).toBe(answer.close);
      else expect(socket.isOpen).toBe(true);
    }
    told.push(...socket.messages);
    socket.close();
    record(recorded);
  }

  const onExam = (ticket: Pick<Ticket, 'ticket'>, options = {}) =>
    new RawSocket(site.url, { ticket: ticket.ticket, url: '/ws/exam' }, options);
  const onConsole = (ticket: Pick<Ticket, 'ticket'>) =>
    new RawSocket(site.url, { ticket: ticket.ticket, url: '/ws/console' });
  const notFound = { status: 404, code: 'not_found' };
  const forbidden = { status: 403, code: 'forbidden' };
  const badTicket = { status: 401, code: 'bad_ticket' };
  const unauthenticated = { status: 401, code: 'unauthenticated' };

  describe.runIf(available)('sessions and exams', () => {
    test("another student's session is refused on every route with a session id", async () => {
      const recorded = { kind: 'not_own', actor: attacker.userId, target: theirs.id } as const;
      const routes: [string, string, Parameters<Api['send']>[2]?][] = [
        ['GET', `/api/sessions/${theirs.id}`],
        ['POST', `/api/sessions/${theirs.id}/end`],
        ['POST', `/api/sessions/${theirs.id}/ticket`],
        ['GET', `/api/proctoring/attempt/${theirs.id}/events`],
        ['GET', `/api/proctoring/my-attempt/${theirs.id}`],
        ['POST', '/api/proctoring/event', json({ sessionId: theirs.id, type: 'TAB_SWITCH' })],
        ['POST', `/api/cv/analyze-frame?sessionId=${theirs.id}`, { body: frameForm(jpeg()) }],
        ['POST', `/events/?session_id=${theirs.id}&event_type=TAB_SWITCH&severity=1`],
        ['POST', `/sessions/end?session_id=${theirs.id}`],
        ['POST', `/cv/analyze-frame?session_id=${theirs.id}`, { body: frameForm(jpeg()) }],
      ];
      for (const [method, path, request] of routes) await refuses(attacker, method, path, notFound, recorded, request);
    });

    test('an idempotency key of the victim returns none of their data', async () => {
      const keyed = (sessionId: string) => ({
        ...json({ sessionId, type: 'VICTIM_SECRET' }),
        headers: { ...json({}).headers, 'idempotency-key': 'the-same-key' },
      });
      await refuses(
        attacker,
        'POST',
        '/api/proctoring/event',
        notFound,
        { kind: 'not_own', actor: attacker.userId, target: theirs.id },
        keyed(theirs.id),
      );
      const { status, body, headers } = await attacker.send('POST', '/api/proctoring/event', keyed(own.id));
      expect(status).toBe(201);
      expect(body).toMatchObject({ sessionId: own.id });
      expect((body as Event).id).not.toBe(before.at(-1)!.id);
      expect(headers.get('idempotency-replayed')).toBeNull();
    });

    test('an admin gets no ticket for the session of a student', async () => {
      await refuses(site.admin, 'POST', `/api/sessions/${theirs.id}/ticket`, notFound, {
        kind: 'not_own',
        actor: site.admin.userId,
        target: theirs.id,
      });
      told.pop();
    });

    test('an exam hidden from the student is refused', async () => {
      const recorded = { kind: 'not_own', actor: attacker.userId, target: hidden.id } as const;
      await refuses(attacker, 'GET', `/api/exams/${hidden.id}/details`, notFound, recorded);
      await refuses(attacker, 'POST', '/api/sessions', notFound, recorded, json({ examId: hidden.id }));
      await refuses(attacker, 'POST', `/sessions/start?exam_id=${hidden.id}`, notFound, recorded);
    });

    test('lists of sessions and exams contain nothing of others, for any filter', async () => {
      for (const path of [
        `/api/sessions?student=${victim.userId}`,
        `/api/sessions?exam=${hidden.id}`,
        '/api/exams/available',
      ]) {
        const { status, body } = await attacker.send('GET', path);
        expect(status).toBe(200);
        expect(JSON.stringify(body)).not.toContain(theirs.id);
        told.push(body);
      }
    });
  });

  describe.runIf(available)('routes beyond the role', () => {
    test('reviews, evidence, reports, the audit log, accounts and exams are refused to a student', async () => {
      const review = json({ decision: 'dismissed', reason: 'I say so' });
      const routes: [string, string, Refused, string | null, Parameters<Api['send']>[2]?][] = [
        ['POST', `/api/events/${event.id}/review`, forbidden, event.id, review],
        ['GET', `/api/events/${event.id}/reviews`, forbidden, event.id],
        ['GET', `/api/events/${event.id}/evidence`, notFound, event.id],
        ['GET', `/api/evidence/${event.id}`, notFound, event.id],
        ['GET', `/api/proctoring/attempt/${theirs.id}`, forbidden, theirs.id],
        ['GET', `/api/proctoring/attempt/${theirs.id}/ai-analysis`, forbidden, theirs.id],
        ['GET', `/api/blockchain/attempt/${theirs.id}`, forbidden, theirs.id],
        ['GET', `/api/blockchain/entity/session/${theirs.id}`, forbidden, theirs.id],
        [
          'POST',
          `/api/sessions/${theirs.id}/verdict`,
          forbidden,
          theirs.id,
          json({ verdict: 'no_concern', reason: 'I say so' }),
        ],
        ['POST', `/api/sessions/${own.id}/rescore`, forbidden, own.id, json({ policyVersion: 1 })],
        ['GET', '/api/proctoring/suspicious', forbidden, null],
        ['GET', '/api/blockchain/summary', forbidden, null],
        ['GET', '/api/blockchain/events/SECURITY', forbidden, null],
        ['GET', '/api/users', forbidden, null],
        ['GET', '/api/exams', forbidden, null],
        ['POST', '/api/console/ticket', forbidden, null],
        ['PATCH', `/api/users/${attacker.userId}`, forbidden, attacker.userId, json({ role: 'admin' })],
        ['PUT', `/api/exams/${hidden.id}`, forbidden, hidden.id, json({ title: 'Mine' })],
        ['GET', `/api/exams/${hidden.id}/students`, forbidden, hidden.id],
        ['GET', '/admin/sessions', forbidden, null],
        ['GET', `/admin/sessions/${theirs.id}/events`, forbidden, theirs.id],
      ];
      for (const [method, path, answer, target, request] of routes) {
        await refuses(
          attacker,
          method,
          path,
          answer,
          { kind: 'role_refused', actor: attacker.userId, target },
          request,
        );
      }
    });

    test('accounts, exams and the audit log are refused to a proctor', async () => {
      const routes: [string, string, string | null, Parameters<Api['send']>[2]?][] = [
        ['GET', '/api/users', null],
        [
          'POST',
          '/api/users',
          null,
          json({ email: 'made@example.org', password: 'long enough it is', name: 'Made', role: 'admin' }),
        ],
        ['PATCH', `/api/users/${proctor.userId}`, proctor.userId, json({ role: 'admin' })],
        ['POST', '/api/blockchain/initialize', null],
        ['GET', '/api/blockchain/verify', null],
        ['DELETE', `/api/exams/${hidden.id}`, hidden.id],
      ];
      for (const [method, path, target, request] of routes)
        await refuses(
          proctor,
          method,
          path,
          forbidden,
          { kind: 'role_refused', actor: proctor.userId, target },
          request,
        );
    });

    test('nobody registers as an admin', async () => {
      await refuses(
        site.api(),
        'POST',
        '/auth/register',
        forbidden,
        { kind: 'role_refused', actor: null, target: null },
        json({ email: 'boss@example.org', password: 'long enough it is', role: 'admin' }),
      );
    });
  });

  describe.runIf(available)('tokens', () => {
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const seconds = () => Math.floor(Date.now() / 1000);
    const claims = () => ({
      role: 'admin',
      sid: NOBODY,
      sub: victim.userId,
      iss: 'invigil',
      aud: 'invigil:api',
      iat: seconds(),
      exp: seconds() + 900,
    });

    test("an access token forged in the victim's name is refused, and an expired one is refused without an audit entry", async () => {
      const forged = { kind: 'token_forged', actor: null, target: null } as const;
      const sign = (secret: string, more: object) =>
        new SignJWT({ ...claims(), ...more })
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
          .sign(new TextEncoder().encode(secret));
      const [head, body, mac] = victim.tokens!.accessToken.split('.') as [string, string, string];
      const altered = Buffer.from(body, 'base64url').toString().replace('student', 'admin');
      for (const token of [
        new UnsecuredJWT(claims()).encode(),
        await sign('another secret of more than thirty-two characters', {}),
        await sign(SECRET, { aud: 'invigil:console' }),
        `${head}.${Buffer.from(altered).toString('base64url')}.${mac}`,
        attacker.tokens!.refreshToken,
        'AAAA',
      ]) {
        await refuses(site.api(), 'GET', '/api/auth/me', unauthenticated, forged, bearer(token));
      }
      await refuses(
        site.api(),
        'GET',
        '/api/auth/me',
        { status: 401, code: 'token_expired' },
        undefined,
        bearer(await sign(SECRET, { exp: seconds() - 61 })),
      );
      await refuses(site.api(), 'GET', '/api/auth/me', unauthenticated, undefined, {});
    });

    test('a malformed refresh token and one rotated twice are refused', async () => {
      const refresh = (token: string) => json({ refreshToken: token });
      await refuses(
        site.api(),
        'POST',
        '/api/auth/refresh',
        unauthenticated,
        { kind: 'token_forged', actor: null, target: null },
        refresh(attacker.tokens!.accessToken.slice(0, 43)),
      );
      const other = await site.student('Reused');
      const first = other.tokens!.refreshToken;
      const next = await other.post<{ refreshToken: string }>('/api/auth/refresh', { refreshToken: first });
      await other.post('/api/auth/refresh', { refreshToken: next.refreshToken });
      const payload = Buffer.from(other.tokens!.accessToken.split('.')[1]!, 'base64url').toString();
      const { sid: login } = JSON.parse(payload) as { sid: string };
      await refuses(
        site.api(),
        'POST',
        '/api/auth/refresh',
        { status: 401, code: 'refresh_reused' },
        { kind: 'refresh_reused', actor: other.userId, target: login },
        refresh(first),
      );
    });

    test('guessed passwords and guessed links for the first admin are refused', async () => {
      const guess = json({ email: victim.tokens!.user.email, password: 'not this one' });
      for (let i = 0; i < 5; i++)
        await refuses(
          site.api(),
          'POST',
          '/api/auth/login',
          { status: 401, code: 'bad_credentials' },
          { kind: 'login_failed', actor: null, target: victim.userId },
          guess,
        );
      await refuses(
        site.api(),
        'POST',
        '/api/auth/login',
        { status: 429, code: 'rate_limited' },
        { kind: 'login_throttled', actor: null, target: victim.userId },
        guess,
      );
      const setup = json({ token: 'A'.repeat(43), email: 'boss@example.org', password: 'long enough it is' });
      await refuses(
        site.api(),
        'POST',
        '/api/setup',
        { status: 403, code: 'setup_closed' },
        { kind: 'setup_refused', actor: null, target: null },
        setup,
      );
    });
  });

  describe.runIf(available)('tickets (C3 C4 C8)', () => {
    const of = (kind: SecurityKind, target: string | null = own.id): Recorded => ({
      kind,
      actor: attacker.userId,
      target,
    });

    test('with any bit altered are refused', async () => {
      const good = Buffer.from((await attacker.examTicket(own.id)).ticket, 'base64url');
      for (let bit = 0; bit < good.length * 8; bit += 1) {
        const bytes = Buffer.from(good);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        // From several addresses: one with a hundred refusals gets no reasons any more.
        const socket = onExam({ ticket: bytes.toString('base64url') }, { localAddress: `127.0.0.${2 + (bit >> 6)}` });
        await answered(socket, badTicket, { kind: 'ticket_forged', actor: null, target: null });
      }
      expect(good.length * 8).toBe(744);
    });

    test('of other text of the same length, and missing ones, are refused', async () => {
      for (const ticket of ['A'.repeat(124), 'A', victim.tokens!.refreshToken])
        await answered(onExam({ ticket }), badTicket, { kind: 'ticket_forged', actor: null, target: null });
    });

    test('used before are refused', async () => {
      const ticket = await attacker.examTicket(own.id);
      const socket = await greet(site.url, ticket);
      await answered(onExam(ticket), badTicket, of('ticket_reused'));
      socket.close();
    });

    test('for the other endpoint are refused, both ways', async () => {
      await answered(onConsole(await attacker.examTicket(own.id)), badTicket, of('ticket_wrong_purpose'));
      await answered(onExam(await proctor.consoleTicket()), badTicket, {
        kind: 'ticket_wrong_purpose',
        actor: proctor.userId,
        target: null,
      });
    });

    test('older than 30 s are refused', async () => {
      const ticket = await attacker.examTicket(own.id);
      ahead += 31_000;
      await answered(onExam(ticket), badTicket, of('ticket_expired'));
    });

    test('of an ended login are refused', async () => {
      const other = await site.student('Gone');
      const session = await other.startSession(own.examId);
      const ticket = await other.examTicket(session.id);
      await other.post('/api/auth/logout');
      const socket = onExam(ticket);
      await socket.opened();
      socket.send({ type: 'hello' });
      await answered(
        socket,
        { error: 'bad_ticket', close: 4401 },
        { kind: 'ticket_revoked', actor: other.userId, target: session.id },
      );
    });

    test('from a page of another origin are refused and not used up', async () => {
      const ticket = await attacker.examTicket(own.id);
      await answered(
        new RawSocket(site.url, ticket, { origin: 'https://evil.example' }),
        { status: 403, code: 'bad_origin' },
        { kind: 'origin_refused', actor: null, target: null },
      );
      (await greet(site.url, ticket)).close();
    });

    test('of the victim, another session or a console do not renew a socket', async () => {
      const other = await site.proctor();
      const tickets: [Ticket, Recorded][] = [
        [await victim.examTicket(theirs.id), of('ticket_not_own', theirs.id)],
        [await attacker.examTicket(second.id), of('ticket_not_own', second.id)],
        [await other.consoleTicket(), { kind: 'ticket_wrong_purpose', actor: other.userId, target: own.id }],
      ];
      for (const [ticket, recorded] of tickets) {
        const socket = await greet(site.url, await attacker.examTicket(own.id));
        socket.send({ type: 'reauth', ticket: ticket.ticket });
        await answered(socket, { error: 'bad_ticket', close: 4401 }, recorded);
      }
    });
  });

  describe.runIf(available)('on the sockets', () => {
    const of = (kind: SecurityKind, target: string | null = own.id): Recorded => ({
      kind,
      actor: attacker.userId,
      target,
    });
    const connect = async () => greet(site.url, await attacker.examTicket(own.id));

    test('the stream of the victim cannot be resumed (S1)', async () => {
      for (const forged of [stream, NOBODY]) {
        const socket = onExam(await attacker.examTicket(own.id));
        await socket.opened();
        socket.send({ type: 'hello', resume: { stream: forged, lastSeq: 3 } });
        await answered(socket, { error: 'unknown_stream', close: 4400 }, of('stream_forged'));
      }
    });

    test('a number used for another signal (S5) and one beyond the window (S6) are refused', async () => {
      const socket = await connect();
      socket.send(signal(1));
      await socket.next('ack');
      socket.send(signal(1, 'PASTE'));
      await answered(socket, { error: 'sequence_conflict' }, of('sequence_conflict'));
      const far = await connect();
      far.send(signal(65));
      await answered(far, { error: 'window_exceeded', close: 4429 }, of('flood'));
    });

    test('messages of a proctor are bad_message on an exam socket (T1)', async () => {
      for (const message of [
        { type: 'watch', session: theirs.id, fps: 5 },
        { type: 'subscribe', session: theirs.id },
        { type: 'command', session: theirs.id, do: 'terminate', reason: 'because' },
        { ...signal(1), sessionId: theirs.id },
      ]) {
        const socket = await connect();
        socket.send(message);
        expect(await socket.next('error')).toMatchObject({ code: 'bad_message' });
        expect(await socket.closed()).toBe(4400);
        told.push(...socket.messages);
        answers += 1;
      }
    });

    test('a console cannot watch, command or resume a session that does not exist (P1 P3 P4)', async () => {
      for (const message of [
        { type: 'watch', session: NOBODY, fps: 5 },
        { type: 'command', session: NOBODY, do: 'pause' },
        { type: 'subscribe', exam: own.examId, from: { [NOBODY]: 3 } },
      ]) {
        const socket = onConsole(await proctor.consoleTicket());
        await socket.opened();
        socket.send(message);
        await answered(socket, { error: 'not_found' }, { kind: 'unknown_id', actor: proctor.userId, target: NOBODY });
      }
    });

    test('a console subscribed to one exam receives nothing of sessions of another, from any offset', async () => {
      const socket = onConsole(await proctor.consoleTicket());
      await socket.opened();
      socket.send({ type: 'subscribe', exam: own.examId, from: { [theirs.id]: 0 } });
      expect(await socket.next('error')).toMatchObject({ code: 'not_found', ref: theirs.id });
      expect(socket.isOpen).toBe(true);
      told.push(...socket.messages);
      socket.close();
    });
  });

  describe.runIf(available)('afterwards', () => {
    test('no response contained data of the victim', () => {
      const text = JSON.stringify(told);
      for (const mark of MARKS) expect(text).not.toContain(mark);
      expect(text).not.toContain(event.id);
      expect(text).not.toContain(stream);
    });

    test('the session of the victim is unchanged and continues', async () => {
      expect(await reported()).toEqual(before);
      victimSocket.send(signal(4));
      await victimSocket.until('ack', () => victimSocket.of('ack').some((ack) => ack['seq'] === 4));
      expect(victimSocket.of('error')).toEqual([]);
      victimSocket.close();
    });

    test('each attempt is in the audit log with its count, kind, actor and target, and nothing else is', async () => {
      const recorded = async () => {
        const counts = new Map<string, number>();
        let cursor = '';
        do {
          const page = await site.admin.get<{ items: AuditEntry[]; nextCursor: string | null }>(
            `/api/blockchain/events/SECURITY?limit=200${cursor}`,
          );
          for (const { entityId, actor, payload } of page.items) {
            expect(entityId).toBe(SECURITY_ID);
            const { kind, target, count } = JSON.parse(payload) as {
              kind: SecurityKind;
              target: string | null;
              count: number;
            };
            if (SECURITY_ACTS.has(kind)) continue;
            const key = JSON.stringify([kind, actor, target]);
            counts.set(key, (counts.get(key) ?? 0) + count);
          }
          cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
        } while (cursor !== '');
        return counts;
      };
      const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
      // Repetitions are logged once per minute.
      ahead += 61_000;
      await waitFor('every refusal', async () => sum(await recorded()) >= sum(expected)).catch(() => {});
      expect(Object.fromEntries(await recorded())).toEqual(Object.fromEntries(expected));
      expect(await site.admin.get<AuditVerification>('/api/blockchain/verify')).toMatchObject({ valid: true });
      console.log(
        `forged, ${database}: ${answers} requests and sockets refused; ${sum(expected)} of them in the audit log, under ${expected.size} different kinds, actors and targets`,
      );
    });
  });
});
