import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attendance, Attendee } from '../../protocol/http/attendance.ts';
import type { Event } from '../../protocol/events.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { postFrame } from '../support/frame-form.ts';
import { jpeg } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assign, newPerson, sit, type Sitting } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`attendance and the list of sessions, on ${title}`, () => {
    let site: TestServer;
    let exam: Exam;
    let inA: Api;
    let ended: Sitting;
    let running: Sitting;
    let unexpected: Sitting;
    let absent: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      exam = await site.admin.createExam({}, { title: 'Geometry', staffAccess: 'assigned' });
      ended = await sit(site, exam, await site.student('José García'), 'A');
      await ended.student.post(`/api/sessions/${ended.session.id}/end`, {});
      running = await sit(site, exam, await site.student('Ann'), 'B');
      await running.student.post('/api/proctoring/event', { sessionId: running.session.id, type: 'TAB_SWITCH' });
      unexpected = await sit(site, exam, await site.student('Guest'), 'A');
      await site.admin.request('DELETE', `/api/exams/${exam.id}/students/${unexpected.student.userId}`);
      absent = await site.student('Absent');
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${absent.userId}`, { room: 'A' });
      inA = await newPerson(site, 'proctor');
      await assign(site, exam.id, inA, 'A');
    }, 120_000);
    afterAll(() => site?.close());

    const names = async (api: Api, query: string) =>
      (await api.get<{ items: ListedSession[] }>(`/api/sessions?exam=${exam.id}${query}`)).items.map(
        (session) => session.studentName,
      );

    test('counts are by room and in total, from enrolments and latest attempts', async () => {
      expect(await site.admin.get<Attendance>(`/api/exams/${exam.id}/attendance`)).toEqual({
        total: { expected: 3, running: 2, checkedIn: 2, finished: 1, missing: 1, unexpected: 1 },
        rooms: [
          { room: 'A', expected: 2, running: 1, checkedIn: 1, finished: 1, missing: 1, unexpected: 1 },
          { room: 'B', expected: 1, running: 1, checkedIn: 1, finished: 0, missing: 0, unexpected: 0 },
        ],
        sessions: 3,
      });
    });

    test('a running session counts as checked in until its first picture', async () => {
      const other = await site.admin.createExam();
      const late = await sit(site, other, await site.student('Late'));
      const path = `/api/exams/${other.id}/attendance`;
      const read = async () => {
        const { total } = await site.admin.get<Attendance>(path);
        const { items } = await site.admin.get<{ items: Attendee[] }>(`${path}/students`);
        return { running: total.running, checkedIn: total.checkedIn, late: [items[0]?.state, items[0]?.checkedIn] };
      };
      expect(await read()).toEqual({ running: 1, checkedIn: 1, late: ['running', true] });
      await postFrame(late.student, late.session.id, jpeg(1));
      await expect.poll(read).toEqual({ running: 1, checkedIn: 0, late: ['running', false] });
      await late.student.post(`/api/sessions/${late.session.id}/end`, {});
      expect(await read()).toEqual({ running: 0, checkedIn: 0, late: ['finished', false] });
    });

    test('a proctor of a room counts and lists that room only, and never themselves', async () => {
      const { rooms, total } = await inA.get<Attendance>(`/api/exams/${exam.id}/attendance`);
      expect(rooms.map(({ room }) => room)).toEqual(['A']);
      expect(total).toMatchObject({ expected: 2, missing: 1 });
      const { items } = await inA.get<{ items: Attendee[] }>(`/api/exams/${exam.id}/attendance/students`);
      expect(
        items.map(({ studentName, state, enrolled }) => `${studentName}, ${state}, ${enrolled}`).toSorted(),
      ).toEqual(['Absent, missing, true', 'Guest, running, false', 'José García, finished, true']);
      const stranger = await newPerson(site, 'proctor');
      for (const path of ['attendance', 'attendance/students'])
        expect(await stranger.send('GET', `/api/exams/${exam.id}/${path}`)).toMatchObject({ status: 404 });
    });

    test('students of the attendance are paged and filtered by state and room', async () => {
      const path = `/api/exams/${exam.id}/attendance/students`;
      const first = await site.admin.get<{ items: Attendee[]; nextCursor: string }>(`${path}?limit=3`);
      const rest = await site.admin.get<{ items: Attendee[] }>(`${path}?limit=3&cursor=${first.nextCursor}`);
      expect(new Set([...first.items, ...rest.items].map(({ studentId }) => studentId))).toHaveProperty('size', 4);
      const { items } = await site.admin.get<{ items: Attendee[] }>(`${path}?state=running&room=B`);
      expect(items).toMatchObject([{ studentName: 'Ann', session: { id: running.session.id, attempt: 1 } }]);
    });

    test('sessions are found by an incident that no review has dismissed, within what the person sees', async () => {
      expect(await names(site.admin, '&incident=TAB_SWITCH')).toEqual(['Guest', 'Ann', 'José García']);
      expect(await names(inA, '&incident=TAB_SWITCH&order=score')).toEqual(['Guest', 'José García']);
      expect(await names(site.admin, '&incident=COPY')).toEqual([]);
      expect(await names(site.admin, '&incident=NO_FACE')).toEqual([]);
      const report = { sessionId: unexpected.session.id, type: 'COPY' };
      const copied = await unexpected.student.post<Event>('/api/proctoring/event', report);
      expect(await names(site.admin, '&incident=COPY')).toEqual(['Guest']);
      expect(await names(site.admin, '&incident=COPY&order=score')).toEqual(['Guest']);
      await site.admin.post(`/api/events/${copied.id}/review`, { decision: 'dismissed', reason: 'allowed here' });
      expect(await names(site.admin, '&incident=COPY')).toEqual([]);
      expect(await site.admin.send('GET', '/api/sessions?incident=no%20face')).toMatchObject({ status: 400 });
    });

    test('sessions are found by person, end reason, verdict and times, and carry exam and verdict', async () => {
      expect(await names(site.admin, '&q=garcia')).toEqual(['José García']);
      expect(await names(site.admin, '&q=%25')).toEqual([]);
      await site.admin.request('PATCH', `/api/users/${unexpected.student.userId}`, { studentNumber: 'K-0042' });
      expect(await names(site.admin, '&q=k-0042')).toEqual(['Guest']);
      expect(await names(site.admin, '&q=0042%20gues')).toEqual(['Guest']);
      expect(await names(site.admin, '&endReason=ended')).toEqual(['José García']);
      expect(await names(site.admin, '&endReason=terminated')).toEqual([]);
      const { startedAt } = running.session;
      expect(await names(site.admin, `&from=${startedAt}`)).toEqual(['Guest', 'Ann']);
      expect(await names(site.admin, `&to=${startedAt}`)).toEqual(['José García']);
      expect(await names(site.admin, '&reviewed=true')).toEqual([]);
      await site.admin.post(`/api/sessions/${ended.session.id}/verdict`, {
        verdict: 'concern',
        reason: 'left the window',
      });
      expect(await names(site.admin, '&reviewed=false&status=ended')).toEqual([]);
      const { items } = await site.admin.get<{ items: ListedSession[] }>(`/api/sessions?exam=${exam.id}&reviewed=true`);
      expect(items).toMatchObject([{ examTitle: 'Geometry', verdict: 'concern', studentName: 'José García' }]);
    });

    test('sessions of all exams are found by person and by event, in every order and page by page', async () => {
      const found = async (query: string) => {
        const all: string[] = [];
        for (let cursor = ''; ;) {
          const page = await site.admin.get<{ items: ListedSession[]; nextCursor: string | null }>(
            `/api/sessions?limit=1${query}${cursor}`,
          );
          all.push(...page.items.map(({ studentName }) => studentName ?? ''));
          if (page.nextCursor === null) return all;
          cursor = `&cursor=${page.nextCursor}`;
        }
      };
      for (const order of ['newest', 'attention', 'score']) {
        expect(await found(`&order=${order}&q=GARC`), order).toEqual(['José García']);
        expect(await found(`&order=${order}&q=${encodeURIComponent('sé garcí')}`), order).toEqual(['José García']);
        expect(await found(`&order=${order}&q=nobody-of-this-name`), order).toEqual([]);
        expect(await found(`&order=${order}&incident=CUT`), order).toEqual([]);
        expect(await found(`&order=${order}&incident=TAB_SWITCH`), order).toEqual(
          expect.arrayContaining(['Ann', 'Guest', 'José García']),
        );
        expect(await found(`&order=${order}&incident=TAB_SWITCH&q=guest`), order).toEqual(['Guest']);
      }
    });

    test('the order by reviewed score is paged without gaps or doubles, within what the person sees', async () => {
      for (const scope of [`exam=${exam.id}&`, '']) {
        const all: string[] = [];
        for (let cursor = ''; ;) {
          const page = await site.admin.get<{ items: ListedSession[]; nextCursor: string | null }>(
            `/api/sessions?${scope}order=score&limit=1${cursor}`,
          );
          all.push(...page.items.map((session) => session.studentName));
          if (page.nextCursor === null) break;
          cursor = `&cursor=${page.nextCursor}`;
        }
        expect(all.filter((name) => name !== 'Late')).toEqual(['Ann', 'Guest', 'José García']);
      }
      expect(await names(inA, '&order=score')).toEqual(['Guest', 'José García']);
      for (const query of ['cursor=nonsense', 'order=score&cursor=nonsense'])
        expect(await site.admin.send('GET', `/api/sessions?${query}`)).toMatchObject({ status: 400 });
    });

    test('a room is found in upper and lower case, with and without an exam', async () => {
      for (const order of ['newest', 'score'])
        for (const room of ['A', 'a']) {
          expect(await names(site.admin, `&order=${order}&room=${room}`)).toHaveLength(2);
          const all = await site.admin.get<{ items: ListedSession[] }>(`/api/sessions?order=${order}&room=${room}`);
          expect(all.items).toHaveLength(2);
        }
      const path = `/api/exams/${exam.id}/attendance/students`;
      const { items } = await site.admin.get<{ items: Attendee[] }>(`${path}?room=b`);
      expect(items).toMatchObject([{ studentName: 'Ann' }]);
    });

    test('a page of another order or filter is refused, also of the list of suspicious sessions', async () => {
      const wrong = { status: 400, body: { code: 'bad_request', ref: 'query.cursor' } };
      const cursorOf = async (path: string) =>
        (await site.admin.get<{ nextCursor: string }>(`${path}&limit=1`)).nextCursor;
      const ranked = await cursorOf('/api/sessions?order=score');
      expect(await site.admin.send('GET', `/api/sessions?order=score&cursor=${ranked}`)).toMatchObject({ status: 200 });
      for (const query of [
        'order=attention',
        'order=newest',
        'order=score&status=ended',
        `order=score&exam=${exam.id}`,
      ])
        expect(await site.admin.send('GET', `/api/sessions?${query}&cursor=${ranked}`), query).toMatchObject(wrong);
      const newest = await cursorOf('/api/sessions?order=newest');
      expect(await site.admin.send('GET', `/api/sessions?order=score&cursor=${newest}`)).toMatchObject(wrong);
      expect(await site.admin.send('GET', `/api/proctoring/suspicious?cursor=${ranked}`)).toMatchObject(wrong);
    });

    test('parameters that are given twice or not known are refused, not dropped', async () => {
      for (const [query, ref] of [
        ['room=A&room=B', 'query.room'],
        ['limit=1&limit=1', 'query.limit'],
        ['order=score&rooms=A', 'query.rooms'],
      ])
        expect(await site.admin.send('GET', `/api/sessions?${query}`), query).toMatchObject({
          status: 400,
          body: { code: 'bad_request', ref },
        });
      expect(await site.admin.send('GET', `/api/exams/${exam.id}?x=1`)).toMatchObject({ status: 400 });
    });
  });
}
