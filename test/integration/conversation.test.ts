import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/down.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { Conversation, ConversationItem, MessageTemplates } from '../../protocol/http/conversation.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { ClientEvents } from '../../web/sdk/client-events.ts';
import type { Api } from '../support/api.ts';
import { type Attempt, signal, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { greet } from '../support/raw-socket.ts';
import { createClient } from '../support/sdk.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

describe.each(KINDS)('on $title', ({ kind, available }) => {
  describe.runIf(available)('the conversation of a student and the staff', () => {
    let database: TestDatabase;
    let site: TestServer;
    let proctor: Api;

    beforeAll(async () => {
      database = await createDatabase(kind, 'admin');
      site = await startTestServer({ database });
      proctor = await site.proctor();
    });
    afterAll(async () => {
      await site?.close();
      await database?.remove();
    });

    const read = (who: Api, { session }: Attempt) => who.get<Conversation>(`/api/sessions/${session.id}/conversation`);
    const texts = (items: readonly ConversationItem[]) => items.map(({ text }) => text);
    const command = (at: Attempt, body: object, by = proctor) =>
      by.post('/api/sessions/commands', { ...body, sessions: [at.session.id] });
    const say = (at: Attempt, text: string, by = proctor) => command(at, { do: 'message', text }, by);
    const markRead = (at: Attempt, upTo: number, by = proctor) =>
      by.request<{ unread: number }>('PUT', `/api/sessions/${at.session.id}/conversation/read`, { upTo });
    const sit = async (policy: PolicyInput = {}) => {
      const attempt = await startAttempt(site, policy);
      const client = createClient(attempt.student, attempt.session.id);
      const notices: ClientEvents['notice'][] = [];
      client.on('notice', (notice) => notices.push(notice));
      await client.connect();
      return { ...attempt, client, notices };
    };

    test('M1: what a student writes is stored once, weighs nothing, and is unread until one of the staff has read it', async () => {
      const sat = await sit({ weights: { STUDENT_MESSAGE: 50 }, unknownWeight: 50 });
      const wall = await watchExam(site, sat.exam.id);
      const viewed = () => (wall.of('session').at(-1)?.['session'] as SessionView | undefined)?.conversation;
      sat.client.sendMessage('  My mouse\u200b is broken.\r\n\r\n\r\nWhat now? ');
      await sat.client.drained();
      await waitFor('the wall', () => viewed()?.unread === 1);
      const { items } = await read(proctor, sat);
      expect(items).toMatchObject([
        { kind: 'message', from: 'student', staff: null, text: 'My mouse is broken.\n\nWhat now?', readAt: null },
      ]);
      expect(await sat.events()).toMatchObject([{ type: 'STUDENT_MESSAGE', source: 'client', weight: 0 }]);
      expect((await proctor.get<{ riskScore: number }>(`/api/sessions/${sat.session.id}`)).riskScore).toBe(0);
      expect(await markRead(sat, items[0]!.seq)).toEqual({ unread: 0 });
      await waitFor('the wall', () => viewed()?.unread === 0);
      expect((await read(proctor, sat)).items).toMatchObject([
        { readAt: expect.any(String), readBy: { id: proctor.userId, name: 'Proctor' } },
      ]);
      // Who reads is one of the people of the session, also without another act.
      expect(await proctor.get(`/api/proctoring/attempt/${sat.session.id}`)).toMatchObject({
        staff: [{ id: proctor.userId, name: 'Proctor' }],
      });
      // The student learns that it was read, and not by whom.
      expect((await read(sat.student, sat)).items).toMatchObject([
        { readAt: expect.any(String), readBy: { id: proctor.userId, name: null } },
      ]);
      sat.client.close();
    });

    test('M2: messages written without a connection wait, and arrive once and in order after it', async () => {
      const sat = await sit();
      sat.client.close();
      for (let n = 1; n <= 10; n++) sat.client.sendMessage(`message ${n}`);
      expect(() => sat.client.sendMessage('one too many')).toThrow(expect.objectContaining({ code: 'rate_limited' }));
      expect(sat.client.waitingMessages).toHaveLength(10);
      await sat.client.connect();
      await sat.client.drained();
      sat.client.close();
      await sat.client.connect();
      await sat.client.drained();
      expect(texts((await read(proctor, sat)).items)).toEqual(Array.from({ length: 10 }, (_, n) => `message ${n + 1}`));
      sat.client.close();
    });

    test('M2: length and number are bounded; what is refused uses no number and does not weigh', async () => {
      const sat = await sit();
      expect(() => sat.client.sendMessage('ä'.repeat(501))).toThrow(expect.objectContaining({ code: 'too_large' }));
      expect(() => sat.client.sendMessage(' \n ')).toThrow(expect.objectContaining({ code: 'bad_message' }));
      const refused: string[] = [];
      sat.client.on('messageRefused', ({ text }) => refused.push(text));
      for (let n = 1; n <= 24; n++) {
        sat.client.sendMessage(`message ${n}`);
        if (n % 10 === 0) await sat.client.drained();
      }
      await waitFor('refusals', () => refused.length > 0);
      await sat.client.drained();
      const stored = texts((await read(proctor, sat)).items);
      expect(new Set([...stored, ...refused]).size).toBe(24);
      expect(stored.length + refused.length).toBe(24);
      expect(stored.length).toBeGreaterThanOrEqual(20);
      expect((await sat.types()).filter((type) => type.includes('OVER_BUDGET'))).toEqual([]);
      sat.client.close();
      // A client that is not the SDK.
      const socket = await sat.connect();
      socket.send({ ...signal(1, 'STUDENT_MESSAGE') });
      expect(await socket.next('error')).toMatchObject({ code: 'reserved_signal', ref: 1 });
      socket.send({ ...signal(1, 'STUDENT_MESSAGE'), data: { text: 'x'.repeat(1001) } });
      expect(await socket.next('error')).toMatchObject({ code: 'too_large', ref: 1 });
      socket.send(signal(1));
      expect(await socket.next('ack')).toMatchObject({ seq: 1 });
      const { status } = await sat.student.send('POST', '/api/proctoring/event', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sessionId: sat.session.id, type: 'STUDENT_MESSAGE' }),
      });
      expect(status).toBe(400);
    });

    test('M3: a hand is raised by the student and lowered by either; both is recorded', async () => {
      const sat = await sit();
      const hands: boolean[] = [];
      sat.client.on('hand', ({ raised }) => hands.push(raised));
      const wall = await watchExam(site, sat.exam.id);
      const hand = () => (wall.of('session').at(-1)?.['session'] as SessionView | undefined)?.conversation?.hand;
      const lower = (by: Api) => by.post<{ handRaised: boolean }>(`/api/sessions/${sat.session.id}/hand/lower`);
      sat.client.raiseHand();
      await waitFor('the hand', () => typeof hand() === 'string');
      expect(await lower(proctor)).toEqual({ handRaised: false });
      await waitFor('the student', () => !sat.client.handRaised);
      sat.client.raiseHand();
      sat.client.raiseHand(false);
      await sat.client.drained();
      // Nothing to lower.
      expect(await lower(proctor)).toEqual({ handRaised: false });
      expect((await read(proctor, sat)).items.map(({ kind: what, from }) => `${from} ${what}`)).toEqual([
        'student hand_raised',
        'staff hand_lowered',
        'student hand_raised',
        'student hand_lowered',
      ]);
      expect(hands).toEqual([true, false, true, false]);
      const { items } = await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${sat.session.id}`);
      expect(
        items
          .filter(({ eventType }) => eventType === 'COMMAND_GIVEN')
          .map(({ payload }) => JSON.parse(payload) as object),
      ).toMatchObject([{ do: 'lower_hand' }]);
      sat.client.close();
    });

    test('M4: messages to a student who is away come once after the return; delivered and read are marked', async () => {
      const sat = await sit();
      await say(sat, 'one');
      await waitFor('one', () => sat.notices.length === 1);
      sat.client.close();
      await say(sat, 'two');
      await say(sat, 'three');
      await sat.client.connect();
      await waitFor('all', () => sat.notices.length === 3);
      expect(sat.notices.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
      const marks = async () =>
        (await read(proctor, sat)).items.map(({ deliveredAt, readAt }) => [deliveredAt !== null, readAt !== null]);
      await waitFor('delivery', async () => (await marks()).every(([delivered]) => delivered));
      sat.client.markRead(sat.notices[1]!.seq!);
      await waitFor('reading', async () => (await marks())[1]![1]!);
      expect(await marks()).toEqual([
        [true, true],
        [true, true],
        [true, false],
      ]);
      // Another page of the same student gets nothing again.
      sat.client.close();
      const again = createClient(sat.student, sat.session.id);
      again.on('notice', (notice) => sat.notices.push(notice));
      await again.connect();
      await say(sat, 'four');
      await waitFor('four', () => sat.notices.length === 4);
      expect(sat.notices[3]).toMatchObject({ text: 'four' });
      again.close();
    });

    test('M4: an older client, which marks nothing, gets a message when it is written, and not again', async () => {
      const sat = await startAttempt(site);
      const socket = await sat.connect();
      await say(sat, 'one');
      expect(await socket.next('notice')).toMatchObject({ text: 'one' });
      const next = await sat.connect();
      await say(sat, 'two');
      expect(await next.next('notice')).toMatchObject({ text: 'two' });
      expect(next.of('notice')).toHaveLength(1);
    });

    test('M4: names of staff are shown where the policy says so', async () => {
      const [named, unnamed] = [await sit({ conversation: { staffNames: true } }), await sit()];
      for (const sat of [named, unnamed]) {
        await say(sat, 'Good luck');
        await waitFor('the message', () => sat.notices.length === 1);
      }
      expect(named.notices[0]).toMatchObject({ from: 'Proctor' });
      expect(unnamed.notices[0]).not.toHaveProperty('from');
      expect((await read(named.student, named)).items[0]!.staff!.name).toBe('Proctor');
      expect((await read(unnamed.student, unnamed)).items[0]!.staff!.name).toBeNull();
      for (const { client } of [named, unnamed]) client.close();
    });

    test('a paused student can write and is answered', async () => {
      const sat = await sit();
      await command(sat, { do: 'pause' });
      await waitFor('the pause', () => sat.client.paused);
      sat.client.sendMessage('Where do we meet?');
      await sat.client.drained();
      await say(sat, 'In the yard');
      await waitFor('the answer', () => sat.notices.length === 1);
      expect(texts((await read(proctor, sat)).items)).toEqual(['Where do we meet?', 'In the yard']);
      sat.client.close();
    });

    test('where the policy has no conversation the student cannot write; staff can', async () => {
      const sat = await startAttempt(site, { conversation: { enabled: false } });
      const socket = await sat.connect();
      expect(socket.of('welcome')[0]).toMatchObject({ policy: { conversation: false } });
      socket.send({ ...signal(1, 'STUDENT_MESSAGE'), data: { text: 'Hello?' } });
      expect(await socket.next('error')).toMatchObject({ code: 'reserved_signal', ref: 1 });
      await say(sat, 'Good luck');
      await socket.next('notice');
      expect(texts((await read(proctor, sat)).items)).toEqual(['Good luck']);
    });

    test('M6: the student is told when somebody watches, where the policy says so', async () => {
      const sat = await startAttempt(site, { conversation: { showWatching: true } });
      const [socket, wall] = [await sat.connect(), await watchExam(site, sat.exam.id)];
      expect(await socket.next('watched')).toMatchObject({ watching: false });
      wall.send({ type: 'watch', session: sat.session.id, fps: 1 });
      expect(await socket.next('watched')).toMatchObject({ watching: true });
      // The next connection is told at once.
      const next = await sat.connect();
      expect(await next.next('watched')).toMatchObject({ watching: true });
      const quiet = await startAttempt(site);
      const other = await quiet.connect();
      const console = await watchExam(site, quiet.exam.id);
      console.send({ type: 'watch', session: quiet.session.id, fps: 1 });
      await say(quiet, 'a message after it');
      await other.next('notice');
      expect(other.of('watched')).toEqual([]);
    });

    test('only its student and the staff of the exam read it; reviewers mark nothing', async () => {
      const sat = await sit();
      sat.client.sendMessage('private');
      await sat.client.drained();
      const path = `/api/sessions/${sat.session.id}`;
      const [stranger, reviewer] = [await site.student(), await newPerson(site, 'reviewer')];
      const status = async (who: Api, method: string, at: string, body?: object) =>
        (
          await who.send(method, at, {
            headers: { 'content-type': 'application/json' },
            ...(body && { body: JSON.stringify(body) }),
          })
        ).status;
      expect(await status(stranger, 'GET', `${path}/conversation`)).toBe(404);
      expect(texts((await read(reviewer, sat)).items)).toEqual(['private']);
      for (const [who, expected] of [
        [reviewer, 403],
        [sat.student, 403],
      ] as const) {
        expect(await status(who, 'PUT', `${path}/conversation/read`, { upTo: 1 })).toBe(expected);
        expect(await status(who, 'POST', `${path}/hand/lower`)).toBe(expected);
      }
      sat.client.close();
    });

    test('managers keep templates, which staff read; the change is in the audit log', async () => {
      const { exam } = await startAttempt(site);
      const path = `/api/exams/${exam.id}/message-templates`;
      expect(await proctor.get<MessageTemplates>(path)).toEqual({ items: null });
      const items = ['Please sit so that your face is in the picture.', 'Ten minutes left.'];
      await site.admin.request('PUT', path, { items });
      expect(await proctor.get<MessageTemplates>(path)).toEqual({ items });
      await expect(proctor.request('PUT', path, { items: [] })).rejects.toMatchObject({ status: 403 });
      await expect(
        site.admin.request('PUT', path, { items: Array.from({ length: 31 }, () => 'x') }),
      ).rejects.toMatchObject({ status: 400 });
      const { items: log } = await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/exam/${exam.id}`);
      expect(
        log.filter(({ eventType }) => eventType === 'EXAM_CHANGED').map(({ payload }) => JSON.parse(payload) as object),
      ).toMatchObject([{ messageTemplates: 2 }]);
      await site.admin.request('PUT', path, { items: null });
      expect(await proctor.get<MessageTemplates>(path)).toEqual({ items: null });
    });

    test('a restart of the server loses neither the hand nor marks nor messages on their way', async () => {
      const sat = await sit();
      sat.client.raiseHand();
      sat.client.sendMessage('before');
      await sat.client.drained();
      sat.client.close();
      await say(sat, 'meanwhile');
      await site.close();
      site = await startTestServer({ database });
      proctor = await site.proctor();
      const student = site.api();
      student.tokens = sat.student.tokens;
      const socket = await greet(site.url, await student.examTicket(sat.session.id), { marksMessages: true });
      expect(socket.of('welcome')[0]).toMatchObject({ handRaised: true });
      const notice = await socket.next('notice');
      expect(notice).toMatchObject({ text: 'meanwhile' });
      socket.send({ type: 'seen', delivered: notice['seq'], read: notice['seq'] });
      const again = { ...sat, student };
      await waitFor('the mark', async () => (await read(proctor, again)).items.at(-1)!.readAt !== null);
      const { items } = await read(proctor, again);
      expect(await markRead(again, items[1]!.seq)).toEqual({ unread: 0 });
      expect((await read(proctor, again)).items.map(({ readAt }) => readAt !== null)).toEqual([false, true, true]);
    });
  });
});
