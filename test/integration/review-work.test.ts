import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Api } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assign, newOrganisation, newPerson, sit, type Sitting } from '../support/staffed-site.ts';

let site: TestServer;
let exam: Exam;
let inA: Sitting;
let inB: Sitting;
let manager: Api;
let reviewer: Api;
beforeAll(async () => {
  site = await startTestServer();
  exam = await site.admin.createExam({}, { staffAccess: 'assigned', reviewSamplePercent: 100 });
  inA = await sit(site, exam, await newPerson(site, 'student'), 'A');
  inB = await sit(site, exam, await newPerson(site, 'student'), 'B');
  for (const { student, session } of [inA, inB]) await student.post(`/api/sessions/${session.id}/end`);
  manager = await newPerson(site, 'manager');
  reviewer = await newPerson(site, 'reviewer');
  await assign(site, exam.id, reviewer, 'A');
});
afterAll(() => site?.close());

const give = (by: Api, sessions: readonly Sitting[], to: Api | null) =>
  by.request<{ changed: number }>('PUT', '/api/review-assignments', {
    sessions: sessions.map(({ session }) => session.id),
    reviewer: to && to.userId,
  });
const list = async (by: Api, query: string) =>
  (await by.get<{ items: ListedSession[] }>(`/api/sessions?exam=${exam.id}&${query}`)).items;

describe('sessions given to a reviewer', () => {
  test('are in their list with their name, recorded in the audit log, and can be taken back', async () => {
    expect(await give(manager, [inA], reviewer)).toEqual({ changed: 1 });
    expect(await give(manager, [inA], reviewer)).toEqual({ changed: 0 });
    const [mine] = await list(reviewer, `reviewer=${reviewer.userId}`);
    expect(mine).toMatchObject({
      id: inA.session.id,
      review: { state: 'none', by: null, sampled: true, reviewer: { id: reviewer.userId } },
    });
    expect((await list(manager, 'reviewer=none')).map(({ id }) => id)).toEqual([inB.session.id]);
    expect(await give(manager, [inA], null)).toEqual({ changed: 1 });
    const { items } = await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${inA.session.id}`);
    const acts = items.filter(({ eventType }) => eventType === 'REVIEW_ASSIGNED');
    expect(acts.map(({ actor, payload }) => [actor, JSON.parse(payload)])).toEqual([
      [manager.userId, { reviewer: reviewer.userId, before: null }],
      [manager.userId, { reviewer: null, before: reviewer.userId }],
    ]);
  });

  test('are refused as a whole if the person may not review one of them', async () => {
    await expect(give(manager, [inA, inB], reviewer)).rejects.toMatchObject({
      status: 404,
      body: { ref: inB.session.id },
    });
    await expect(give(manager, [inA], inB.student)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(give(manager, [inA], inA.student)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    expect(await list(manager, 'reviewer=none')).toHaveLength(2);
  });

  test('are given by managers of their organisation and by admins only', async () => {
    await expect(give(reviewer, [inA], reviewer)).rejects.toMatchObject({ status: 403 });
    const elsewhere = await newPerson(site, 'manager', (await newOrganisation(site)).id);
    await expect(give(elsewhere, [inA], reviewer)).rejects.toMatchObject({ status: 404 });
    await expect(give(inA.student, [inA], inA.student)).rejects.toMatchObject({ status: 403 });
    expect(await list(manager, 'reviewer=none')).toHaveLength(2);
  });

  test('are reviewed by others, too, under their own names', async () => {
    await give(manager, [inA], reviewer);
    await site.admin.post(`/api/sessions/${inA.session.id}/verdict`, { verdict: 'no_concern', reason: 'nothing' });
    const [row] = await list(manager, 'reviewState=done');
    expect(row?.review).toMatchObject({
      state: 'done',
      by: { id: site.admin.userId },
      reviewer: { id: reviewer.userId },
    });
    expect((await list(manager, 'needsReview=true')).map(({ id }) => id)).toEqual([inB.session.id]);
  });
});

test('students learn nothing about the review of their sessions, not even by a filter', async () => {
  const own = await list(inB.student, 'needsReview=false&reviewer=none&reviewState=done');
  expect(own.map(({ id }) => id)).toEqual([inB.session.id]);
  expect(JSON.stringify(own)).not.toMatch(/sampled|reviewer/);
  expect(JSON.stringify(await inB.student.get(`/api/exams/${exam.id}/details`))).not.toMatch(/[Ss]ample/);
});

test('the share of calm sessions is 0 to 100 per cent, stays when it is omitted, and its change is recorded', async () => {
  const put = (more: object) => site.admin.request('PUT', `/api/exams/${exam.id}`, { title: 'Sampled', ...more });
  for (const reviewSamplePercent of [-1, 101, 2.5])
    await expect(put({ reviewSamplePercent })).rejects.toMatchObject({ status: 400 });
  expect(await put({})).toMatchObject({ reviewSamplePercent: 100 });
  expect(await put({ reviewSamplePercent: 30 })).toMatchObject({ reviewSamplePercent: 30 });
  const { items } = await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/exam/${exam.id}`);
  const changes = items
    .filter(({ eventType }) => eventType === 'EXAM_CHANGED')
    .map(({ payload }) => JSON.parse(payload));
  expect(changes.map((change: Record<string, unknown>) => change['reviewSamplePercent'])).toEqual([undefined, 30]);
});
