import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { openDatabase } from '../../db/open.ts';
import { SECURITY_ID } from '../../protocol/http/audit.ts';
import type { Attempt } from '../../protocol/http/attempts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Result } from '../../protocol/http/results.ts';
import { RESULT_TABLE } from '../../server/results/result-columns.ts';
import type { Api } from '../support/api.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { makeExam, makeSession } from '../support/rows.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { assign, newPerson, sit, type Sitting } from '../support/staffed-site.ts';
import { readSheet } from '../support/xlsx.ts';

const FORMULA = '=HYPERLINK("http://evil.example";"x")';

interface List {
  readonly items: Result[];
  readonly nextCursor: string | null;
}

async function fileOf(api: Api, path: string): Promise<Response> {
  return fetch(api.url + path, { headers: { authorization: `Bearer ${api.tokens?.accessToken}` } });
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`results of an exam, on ${title}`, () => {
    let site: TestServer;
    let exam: Exam;
    let path: string;
    let inA: Sitting;
    let inB: Sitting;
    let proctor: Api;
    let reviewer: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      exam = await site.admin.createExam(
        {},
        { staffAccess: 'assigned', timeZone: 'Asia/Kolkata', durationMinutes: 60 },
      );
      path = `/api/exams/${exam.id}/results`;
      const formula = await site.student(FORMULA);
      await site.admin.request('PATCH', `/api/users/${formula.userId}`, { studentNumber: '0042', externalId: '+ext' });
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${formula.userId}`, {
        room: 'A',
        seat: '7',
        extraMinutes: 15,
      });
      const session = await formula.startSession(exam.id);
      const report = (type: string) =>
        formula.post<Sitting['event']>('/api/proctoring/event', { sessionId: session.id, type });
      const event = await report('TAB_SWITCH');
      await report('TAB_SWITCH');
      await report('COPY');
      await report('PHONE_FOUND');
      inA = { exam, student: formula, session, event };
      await formula.post(`/api/sessions/${session.id}/end`, {});
      await site.admin.post(`/api/events/${event.id}/review`, { decision: 'dismissed', reason: 'a notification' });
      await site.admin.post(`/api/sessions/${session.id}/verdict`, { verdict: 'violation', reason: 'first look' });
      await site.admin.post(`/api/sessions/${session.id}/verdict`, { verdict: 'concern', reason: 'second look' });
      inB = await sit(site, exam, await site.student('Bea Baker'), 'B');
      proctor = await newPerson(site, 'proctor');
      await assign(site, exam.id, proctor, 'A');
      reviewer = await newPerson(site, 'reviewer');
      await assign(site, exam.id, reviewer);
    }, 120_000);
    afterAll(() => site?.close());

    test('a row has the student, times, scores before and after review, incidents by type and the verdict that counts', async () => {
      const { items } = await site.admin.get<List>(path);
      expect(items).toHaveLength(2);
      expect(items[0]).toMatchObject({
        sessionId: inA.session.id,
        studentName: FORMULA,
        studentNumber: '0042',
        externalId: '+ext',
        attempt: 1,
        room: 'A',
        seat: '7',
        extraMinutes: 15,
        status: 'ended',
        endReason: 'ended',
        verdict: { verdict: 'concern', reason: 'second look', by: { id: site.admin.userId } },
        accommodations: { extraMinutes: 15 },
      });
      const { riskScore, reviewedScore, incidents } = items[0]!;
      expect(riskScore - reviewedScore).toBeCloseTo(inA.event.weight);
      expect(Object.fromEntries(incidents.map(({ type, count, dismissed }) => [type, [count, dismissed]]))).toEqual({
        TAB_SWITCH: [2, 1],
        COPY: [1, 0],
        PHONE_FOUND: [1, 0],
      });
      // Attention before and after review, as the page of the session and its report have it.
      const { attention } = await site.admin.get<z.infer<typeof Attempt>>(`/api/proctoring/attempt/${inA.session.id}`);
      const { all, reviewed } = attention!;
      expect(items[0]!.attention).toEqual({ value: all.value, level: all.level });
      expect(items[0]!.reviewedAttention).toEqual({ value: reviewed.value, level: reviewed.level });
      expect(reviewed.value).toBeLessThan(all.value);
      expect(items[1]!.attention).toEqual(items[1]!.reviewedAttention);
      expect(items[1]).toMatchObject({ studentName: 'Bea Baker', status: 'active', endedAt: null, verdict: null });
    });

    test('the list is paged without gaps or doubles', async () => {
      const first = await site.admin.get<List>(`${path}?limit=1`);
      const rest = await site.admin.get<List>(`${path}?limit=1&cursor=${first.nextCursor}`);
      expect([...first.items, ...rest.items].map(({ sessionId }) => sessionId)).toEqual([
        inA.session.id,
        inB.session.id,
      ]);
    });

    test('the CSV has the same, times with their offset, and no formulas', async () => {
      const text = await (await fileOf(site.admin, `${path}/csv?separator=semicolon`)).text();
      const [row] = parse<Record<string, string>>(text, { columns: true, bom: true, delimiter: ';' });
      expect(row).toMatchObject({
        Student: `'${FORMULA}`,
        'Student number': '0042',
        'External id': "'+ext",
        Room: 'A',
        Seat: '7',
        'Time zone': 'Asia/Kolkata',
        'Extra minutes': '15',
        'Tab switch': '2',
        Copy: '1',
        'No face': '0',
        'Other incidents': 'PHONE_FOUND: 1',
        'Dismissed by review': '1',
        'Attention level': 'Watch',
        'Reviewed attention level': 'Calm',
        Gaps: '0',
        'Gaps, seconds': '0',
        Verdict: 'Concern',
        'Verdict reason': 'second look',
        Accommodations: '15 extra minutes',
        'Session id': inA.session.id,
      });
      expect(row?.['Start']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/);
      expect(Math.floor(Date.parse(row?.['Start'] ?? '') / 1000)).toBe(
        Math.floor(Date.parse(inA.session.startedAt) / 1000),
      );
    });

    test('both files have a row for each enrolled student without a session, and for nobody twice', async () => {
      const other = await site.admin.createExam({}, { staffAccess: 'assigned' });
      const enrol = (api: Api, room: string) =>
        site.admin.request('PUT', `/api/exams/${other.id}/students/${api.userId}`, { room });
      const sat = await site.student('Sat Down');
      const [absent, elsewhere] = [await site.student('Never Came'), await site.student('Never Seen')];
      for (const api of [sat, absent]) await enrol(api, 'A');
      await enrol(elsewhere, 'B');
      await sat.startSession(other.id);
      const staff = await newPerson(site, 'proctor');
      await assign(site, other.id, staff, 'A');
      const rows = async (api: Api) =>
        parse<Record<string, string>>(await (await fileOf(api, `/api/exams/${other.id}/results/csv`)).text(), {
          columns: true,
          bom: true,
        }).map((row) => [row['Student'], row['Status'], row['Room'], row['Level'], row['Session id'] !== '']);
      const everybody = await rows(site.admin);
      expect(everybody[0]).toEqual(['Sat Down', 'active', 'A', 'Low', true]);
      expect(everybody.slice(1).toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
        ['Never Came', 'did not sit', 'A', '', false],
        ['Never Seen', 'did not sit', 'B', '', false],
      ]);
      expect(await rows(staff)).toEqual([everybody[0], ['Never Came', 'did not sit', 'A', '', false]]);
      const { rows: cells } = await readSheet(
        await bytesOf(await fileOf(site.admin, `/api/exams/${other.id}/results/xlsx`)),
      );
      const status = cells.map((row) => row[RESULT_TABLE.header.indexOf('Status')]);
      expect(status.filter((value) => value === 'did not sit')).toHaveLength(2);
      expect((await site.admin.get<List>(`/api/exams/${other.id}/results`)).items).toHaveLength(1);
    });

    test('the XLSX has texts as text cells, numbers as numbers and times by the clock of the zone', async () => {
      const response = await fileOf(site.admin, `${path}/xlsx`);
      expect(response.headers.get('content-disposition')).toContain('results.xlsx');
      const { rows, xml } = await readSheet(await bytesOf(response));
      expect(xml).not.toContain('<f>');
      expect(rows[0]).toEqual(RESULT_TABLE.header);
      // Names stay in view, every column has a filter, and times, names and addresses fit.
      expect(xml).toMatch(/<pane[^>]* xSplit="1"/);
      expect(xml).toMatch(/<\/sheetData><autoFilter ref="A1:[A-Z]{2}\d+"\/>/);
      const widths = [...xml.matchAll(/<col [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
      for (const name of ['Student', 'Email', 'Start', 'End', 'Deadline', 'Verdict at'])
        expect(widths[RESULT_TABLE.header.indexOf(name)], name).toBeGreaterThan(19);
      const cell = (name: string, row = 1) => rows[row]?.[RESULT_TABLE.header.indexOf(name)];
      expect(cell('Student')).toBe(FORMULA);
      expect(cell('Student number')).toBe('0042');
      expect(cell('Tab switch')).toBe(2);
      expect(cell('Verdict')).toBe('Concern');
      expect(cell('Student', 2)).toBe('Bea Baker');
      expect(cell('End', 2)).toBeUndefined();
      // Days since 1899-12-30 by the clock of Kolkata, 5.5 h ahead.
      const started = (Number(cell('Start')) - 25_569) * 86_400_000 - 5.5 * 3_600_000;
      expect(Math.abs(started - Date.parse(inA.session.startedAt))).toBeLessThan(1000);
    });

    test('staff of a room read and export that room only, assigned reviewers the exam, nobody their own session, others nothing', async () => {
      const ids = async (api: Api) => {
        const { items } = await api.get<List>(path);
        const { rows } = await readSheet(await bytesOf(await fileOf(api, `${path}/xlsx`)));
        const text = await (await fileOf(api, `${path}/csv`)).text();
        const csv = parse<Record<string, string>>(text, { columns: true, bom: true }).map((row) => row['Session id']);
        expect(csv).toEqual(items.map(({ sessionId }) => sessionId));
        expect(rows.slice(1).map((row) => row.at(-1))).toEqual(csv);
        return csv;
      };
      expect(await ids(proctor)).toEqual([inA.session.id]);
      expect(await ids(reviewer)).toEqual([inA.session.id, inB.session.id]);
      const former = await newPerson(site, 'student');
      const own = await sit(site, exam, former, 'B');
      await site.admin.request('PATCH', `/api/users/${former.userId}`, { role: 'manager' });
      await former.login(former.tokens!.user.email, 'violet harbour 93');
      expect(await ids(former)).toEqual([inA.session.id, inB.session.id]);
      expect(await ids(site.admin)).toContain(own.session.id);
      const stranger = await newPerson(site, 'proctor');
      for (const end of ['', '/csv', '/xlsx'])
        expect(await stranger.send('GET', path + end), end).toMatchObject({ status: 404 });
      for (const end of ['', '/csv', '/xlsx'])
        expect(await inB.student.send('GET', path + end), end).toMatchObject({ status: 403 });
    });

    test('each export is written to the audit log with its author', async () => {
      await fileOf(reviewer, `${path}/csv`);
      await waitFor('the entry', async () => {
        const { items } = await site.admin.get<{ items: { actor: string; payload: string }[] }>(
          `/api/blockchain/entity/system/${SECURITY_ID}?limit=200`,
        );
        return items.some(
          ({ actor, payload }) =>
            actor === reviewer.userId && payload.includes('results_exported') && payload.includes(exam.id),
        );
      });
    });
  });
}

test('files of 5,000 sessions are whole', { timeout: 240_000 }, async () => {
  const database = await createDatabase('pglite', 'admin');
  const opened = await openDatabase(database);
  const examId = await makeExam(opened.db);
  await makeSession(opened.db, { examId, room: 'A' });
  await sql`INSERT INTO users (id, email, name, role, password_hash)
    SELECT gen_random_uuid(), n || '@bulk.example', 'Student ' || n, 'student', 'none'
    FROM generate_series(1, 4999) AS n`.execute(opened.db);
  await sql`INSERT INTO sessions (id, exam_id, student_id, status, policy, policy_version, room, started_at, owner_epoch,
      risk_score, rolling_risk, rolling_at, risk_level, last_seq, last_offset)
    SELECT gen_random_uuid(), s.exam_id, u.id, s.status, s.policy, s.policy_version, s.room, s.started_at, s.owner_epoch,
      s.risk_score, s.rolling_risk, s.rolling_at, s.risk_level, s.last_seq, s.last_offset
    FROM sessions s, users u WHERE u.email LIKE '%@bulk.example'`.execute(opened.db);
  await opened.close();
  try {
    await using site = await startTestServer({ database });
    const { rows } = await readSheet(await bytesOf(await fileOf(site.admin, `/api/exams/${examId}/results/xlsx`)));
    expect(new Set(rows.slice(1).map((row) => row.at(-1)))).toHaveProperty('size', 5000);
    const text = await (await fileOf(site.admin, `/api/exams/${examId}/results/csv`)).text();
    expect(parse(text, { bom: true })).toHaveLength(5001);
  } finally {
    await database.remove();
  }
});
