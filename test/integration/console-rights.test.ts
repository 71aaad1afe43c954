import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/down.ts';
import { signal } from '../support/attempt.ts';
import type { Api } from '../support/api.ts';
import { jpeg } from '../support/pictures.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assign, newOrganisation, newPerson, sit, type Sitting } from '../support/staffed-site.ts';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer();
});
afterAll(() => site?.close());

async function consoleOf(person: Api, wish: Record<string, unknown> = {}): Promise<RawSocket> {
  const socket = new RawSocket(site.url, await person.consoleTicket());
  await socket.opened();
  socket.send({ type: 'subscribe', ...wish });
  await socket.next('snapshot');
  return socket;
}

const shown = (socket: RawSocket): string[] =>
  (socket.of('snapshot')[0]!['sessions'] as SessionView[]).map(({ id }) => id).toSorted();
const ids = (...sittings: Sitting[]) => sittings.map(({ session }) => session.id).toSorted();

/** An exam for assigned staff with a student in each of two rooms. */
async function twoRooms(more: Record<string, unknown> = {}) {
  const exam = await site.admin.createExam({}, { staffAccess: 'assigned', ...more });
  const [a, b] = [
    await sit(site, exam, await site.student('A'), 'A'),
    await sit(site, exam, await site.student('B'), 'B'),
  ];
  return { exam, a, b };
}

/** Messages about a session, but for answers to requests that name it. */
const about = (socket: RawSocket, id: string) =>
  socket.messages.filter((message) => message.type !== 'error' && JSON.stringify(message).includes(id));

describe('a console shows what its person is assigned to', () => {
  test('a room, a whole exam, all exams of the organisation, or nothing', async () => {
    const { exam, a, b } = await twoRooms();
    const [inRoom, inExam, nowhere] = [
      await newPerson(site, 'proctor'),
      await newPerson(site, 'reviewer'),
      await newPerson(site, 'proctor'),
    ];
    await assign(site, exam.id, inRoom, 'A');
    await assign(site, exam.id, inExam);
    const sees: [Api, Sitting[]][] = [
      [inRoom, [a]],
      [inExam, [a, b]],
      [nowhere, []],
      [await newPerson(site, 'manager'), [a, b]],
      [site.admin, [a, b]],
      [await newPerson(site, 'manager', (await newOrganisation(site)).id), []],
    ];
    for (const [person, sittings] of sees) {
      const socket = await consoleOf(person, { exam: exam.id });
      expect(shown(socket)).toEqual(ids(...sittings));
      socket.close();
    }
  });

  test('live updates of other rooms do not arrive', async () => {
    const { exam, a, b } = await twoRooms();
    const proctor = await newPerson(site, 'proctor');
    await assign(site, exam.id, proctor, 'A');
    const socket = await consoleOf(proctor);
    const clients = [a, b].map(async ({ student, session }) => greet(site.url, await student.examTicket(session.id)));
    const [inA, inB] = [await clients[0]!, await clients[1]!];
    inB.send(signal(1));
    await inB.next('ack');
    inA.send(signal(1));
    await socket.until('the event of room A', () => socket.of('event').length > 0);
    expect(about(socket, b.session.id)).toEqual([]);
    for (const each of [inA, inB, socket]) each.close();
  });

  test('naming a session of another room is answered as if there were none', async () => {
    const { exam, a, b } = await twoRooms();
    const proctor = await newPerson(site, 'proctor');
    await assign(site, exam.id, proctor, 'A');
    const socket = await consoleOf(proctor, { exam: exam.id, from: { [b.session.id]: 0 } });
    const refused = async (message: Record<string, unknown>, code: string) => {
      socket.send(message);
      expect(await socket.next('error')).toMatchObject({ code, ref: message['session'] });
    };
    expect(await socket.next('error')).toMatchObject({ code: 'not_found', ref: b.session.id });
    await refused({ type: 'watch', session: b.session.id, fps: 1 }, 'not_found');
    await refused({ type: 'command', session: b.session.id, do: 'pause' }, 'not_found');
    expect(about(socket, b.session.id)).toEqual([]);
    expect(await b.student.get(`/api/sessions/${b.session.id}`)).toMatchObject({ status: 'active' });
    socket.send({ type: 'command', session: a.session.id, do: 'pause' });
    await socket.until('the pause', () =>
      socket.of('event').some(({ event }) => (event as { type: string }).type === 'SESSION_PAUSED'),
    );
    socket.close();
  });

  test('a reviewer reads, and neither watches nor commands', async () => {
    const { exam, a } = await twoRooms();
    const reviewer = await newPerson(site, 'reviewer');
    await assign(site, exam.id, reviewer);
    const socket = await consoleOf(reviewer, { exam: exam.id });
    for (const request of [
      { type: 'watch', session: a.session.id, fps: 1 },
      { type: 'command', session: a.session.id, do: 'terminate', reason: 'No' },
    ]) {
      socket.send(request);
      expect(await socket.next('error')).toMatchObject({ code: 'forbidden', ref: a.session.id });
    }
    socket.close();
  });

  test('nobody sees, watches or commands their own session, whatever their role became', async () => {
    const { exam, a, b } = await twoRooms({ staffAccess: 'all' });
    for (const role of ['proctor', 'manager', 'admin']) {
      await site.admin.request('PATCH', `/api/users/${a.student.userId}`, { role });
      const socket = await consoleOf(a.student, { exam: exam.id });
      expect(shown(socket)).toEqual(ids(b));
      for (const request of [
        { type: 'watch', session: a.session.id, fps: 1 },
        { type: 'command', session: a.session.id, do: 'extend', minutes: 60 },
      ]) {
        socket.send(request);
        expect(await socket.next('error')).toMatchObject({ code: 'forbidden', ref: a.session.id });
      }
      socket.close();
    }
  });
});

describe('open consoles follow changed rights at once', () => {
  test('an assignment brings the sessions of its room; its end takes them away, with their pictures', async () => {
    const { exam, a, b } = await twoRooms();
    const proctor = await newPerson(site, 'proctor');
    const socket = await consoleOf(proctor, { exam: exam.id });
    expect(shown(socket)).toEqual([]);
    const { id } = await assign(site, exam.id, proctor, 'A');
    expect(await socket.next('session')).toMatchObject({ session: { id: a.session.id } });
    const client = await greet(site.url, await a.student.examTicket(a.session.id));
    socket.send({ type: 'watch', session: a.session.id, fps: 15 });
    for (let seq = 1; socket.binary.length === 0; seq++) {
      client.sendFrame(seq, jpeg(5));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await site.admin.request('DELETE', `/api/exams/${exam.id}/staff/${id}`);
    expect(await socket.next('error')).toMatchObject({ code: 'not_found', ref: a.session.id });
    const [messages, pictures] = [socket.messages.length, socket.binary.length];
    for (let seq = 1001; seq <= 1010; seq++) client.sendFrame(seq, jpeg(5));
    client.send(signal(1));
    await client.next('ack');
    // Answered after everything that was sent before.
    socket.send({ type: 'command', session: a.session.id, do: 'pause' });
    expect(await socket.next('error')).toMatchObject({ code: 'not_found', ref: a.session.id });
    expect([socket.messages.length, socket.binary.length]).toEqual([messages + 1, pictures]);
    expect(about(socket, b.session.id)).toEqual([]);
    for (const each of [client, socket]) each.close();
  });

  test('a session moves with its enrolment: to the console of the new room, and away from that of the old one', async () => {
    const { exam, a, b } = await twoRooms();
    const [ofA, ofB] = [await newPerson(site, 'proctor'), await newPerson(site, 'proctor')];
    await assign(site, exam.id, ofA, 'A');
    await assign(site, exam.id, ofB, 'B');
    const [inA, inB] = [await consoleOf(ofA, { exam: exam.id }), await consoleOf(ofB, { exam: exam.id })];
    expect([shown(inA), shown(inB)]).toEqual([ids(a), ids(b)]);
    const client = await greet(site.url, await b.student.examTicket(b.session.id));
    inB.send({ type: 'watch', session: b.session.id, fps: 15 });
    for (let seq = 1; inB.binary.length === 0; seq++) {
      client.sendFrame(seq, jpeg(5));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const path = `/api/exams/${exam.id}/students/${b.student.userId}`;
    await site.admin.request('PUT', path, { room: 'A', seat: '7' });
    await inA.until('the session', () =>
      inA.of('session').some(({ session }) => (session as SessionView).id === b.session.id),
    );
    expect(await inB.next('error')).toMatchObject({ code: 'not_found', ref: b.session.id });
    const pictures = inB.binary.length;
    for (let seq = 1001; seq <= 1010; seq++) client.sendFrame(seq, jpeg(5));
    client.send(signal(1));
    await client.next('ack');
    inB.send({ type: 'command', session: b.session.id, do: 'pause' });
    expect(await inB.next('error')).toMatchObject({ code: 'not_found', ref: b.session.id });
    expect(inB.binary.length).toBe(pictures);
    inA.send({ type: 'command', session: b.session.id, do: 'pause' });
    await inA.until('the pause', () =>
      inA.of('event').some(({ event }) => (event as { type: string }).type === 'SESSION_PAUSED'),
    );
    const rooms = async (api: Api) => {
      const { items } = await api.get<{ items: { studentId: string; room: string; state: string }[] }>(
        `/api/exams/${exam.id}/attendance/students`,
      );
      return items.map(({ studentId, room, state }) => `${studentId} ${room} ${state}`).toSorted();
    };
    expect(await rooms(ofA)).toEqual([`${a.student.userId} A running`, `${b.student.userId} A running`].toSorted());
    expect(await rooms(ofB)).toEqual([]);
    expect((await ofB.send('GET', `/api/sessions/${b.session.id}`)).status).toBe(404);
    expect(await ofA.get(`/api/sessions/${b.session.id}`)).toMatchObject({ room: 'A' });
    const { items: log } = await site.admin.get<{ items: { eventType: string }[] }>(
      `/api/blockchain/entity/session/${b.session.id}?limit=200`,
    );
    expect(log.map(({ eventType }) => eventType)).toContain('SESSION_MOVED');
    for (const each of [client, inA, inB]) each.close();
  });

  test('staff access of an exam opens and closes it to all proctors of its organisation', async () => {
    const { exam, a, b } = await twoRooms();
    const { id } = await newOrganisation(site);
    const [ours, theirs] = [
      await consoleOf(await newPerson(site, 'proctor')),
      await consoleOf(await newPerson(site, 'proctor', id)),
    ];
    const { title } = exam;
    await site.admin.request('PUT', `/api/exams/${exam.id}`, { title, staffAccess: 'all' });
    await ours.until('both sessions', () => ours.of('session').length === 2);
    expect(
      ours
        .of('session')
        .map(({ session }) => (session as SessionView).id)
        .toSorted(),
    ).toEqual(ids(a, b));
    await site.admin.request('PUT', `/api/exams/${exam.id}`, { title, staffAccess: 'assigned' });
    await ours.until('both are gone', () => ours.of('error').length === 2);
    for (const { session } of [a, b]) expect(about(theirs, session.id)).toEqual([]);
    for (const each of [ours, theirs]) each.close();
  });

  test('another role or organisation closes the console', async () => {
    for (const change of [{ role: 'student' }, { organisationId: (await newOrganisation(site)).id }]) {
      const proctor = await newPerson(site, 'proctor');
      const socket = await consoleOf(proctor);
      await site.admin.request('PATCH', `/api/users/${proctor.userId}`, change);
      expect(await socket.closed()).toBe(4401);
    }
  });
});
