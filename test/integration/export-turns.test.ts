import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson, sit } from '../support/staffed-site.ts';

let site: TestServer;
let exam: Exam;
beforeAll(async () => {
  site = await startTestServer();
  exam = await site.admin.createExam();
  await sit(site, exam, await newPerson(site, 'student'));
});
afterAll(() => site?.close());

const ask = (path: string, signal?: AbortSignal) =>
  fetch(site.url + path, {
    headers: { authorization: `Bearer ${site.admin.tokens?.accessToken}` },
    ...(signal && { signal }),
  });

test.each(['csv', 'xlsx'])(
  'of several requests of one person for %s files at once, one is answered and the others are 429 with Retry-After',
  async (ending) => {
    const path = `/api/exams/${exam.id}/results/${ending}`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(path)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const answer of refused) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ code: 'rate_limited', retryable: true });
    }
    expect((await ask(path)).status).toBe(200);
  },
);

test('requests that their client gives up leave no file behind: the next one gets its own', async () => {
  const path = `/api/exams/${exam.id}/results/xlsx`;
  for (let round = 0; round < 5; round += 1) {
    const client = new AbortController();
    const asked = ask(path, client.signal);
    setImmediate(() => client.abort());
    await asked.catch(() => undefined);
  }
  await waitFor('a file', async () => (await ask(path)).status === 200);
});

test('exports of people and of enrolments are in the audit log with their author and subject', async () => {
  expect((await ask('/api/export/people')).status).toBe(200);
  expect((await ask(`/api/exams/${exam.id}/students/export`)).status).toBe(200);
  const found = async (kind: string) => {
    const { items } = await site.admin.get<{ items: { actor: string; details: { target: string | null } }[] }>(
      `/api/audit/entries?kind=${kind}`,
    );
    return items.map(({ actor, details }) => [actor, details.target]);
  };
  await waitFor('the entries', async () => (await found('enrolments_exported')).length > 0);
  expect(await found('people_exported')).toEqual([[site.admin.userId, null]]);
  expect(await found('enrolments_exported')).toEqual([[site.admin.userId, exam.id]]);
  expect(await found('exports')).toHaveLength((await found('results_exported')).length + 2);
});
