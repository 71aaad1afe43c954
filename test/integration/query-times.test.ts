import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const FAR = [
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+14:00',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-14:00',
  '1969-12-31T23:59:59Z',
  '3000-01-01T00:00:00Z',
];
const ID = '01890000-0000-7000-8000-000000000000';
const asCursor = (place: readonly unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url');
const cursor = (value: unknown) => asCursor([value, ID]);

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly format?: string };
}

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`times in queries, on ${title}`, () => {
    let site: TestServer;
    let session: string;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      const exam = await site.admin.createExam();
      session = (await (await site.student()).startSession(exam.id)).id;
      await (await site.student()).startSession(exam.id);
    });
    afterAll(() => site?.close());

    test('every time in a query of the API is bounded to years that databases hold: others are bad_request', async () => {
      const { paths } = await site.admin.get<{
        paths: Record<string, Record<string, { parameters?: readonly Parameter[] }>>;
      }>('/openapi.json');
      const asked = Object.entries(paths).flatMap(([path, { get }]) =>
        (get?.parameters ?? [])
          .filter((one) => one.in === 'query' && one.schema.format === 'date-time')
          .map(({ name }) => ({ path: path.replace(/\{\w+\}/, session), name })),
      );
      expect(asked.length).toBeGreaterThanOrEqual(5);
      for (const { path, name } of asked)
        for (const at of FAR) {
          const query = `${path}?${name}=${encodeURIComponent(at)}`;
          expect(await site.admin.send('GET', query), query).toMatchObject({
            status: 400,
            body: { code: 'bad_request' },
          });
        }
    });

    test.each([8.64e15, -8.64e15, 1e300, -1, 0.5, 'x', null])(
      'a cursor of the audit log with the time %j is bad_request',
      async (at) => {
        expect(await site.admin.send('GET', `/api/audit/entries?cursor=${cursor(at)}`)).toMatchObject({
          status: 400,
          body: { code: 'bad_request' },
        });
      },
    );

    test.each([1.7e308, -1.7e308, 5e-324, '1', null])(
      'a cursor of ranked sessions with the value %j is a page or bad_request',
      async (value) => {
        for (const order of ['attention', 'score']) {
          const { nextCursor } = await site.admin.get<{ nextCursor: string }>(`/api/sessions?order=${order}&limit=1`);
          const [, id, list] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString()) as unknown[];
          const path = `/api/sessions?order=${order}&cursor=${asCursor([value, id, list])}`;
          const { status } = await site.admin.send('GET', path);
          expect(status).toBe(typeof value === 'number' ? 200 : 400);
        }
      },
    );

    test('the expiry of an API key is bounded like every stored time', async () => {
      const body = JSON.stringify({ name: 'far', scopes: ['exams'], expiresAt: '9999-12-31T23:59:59-14:00' });
      expect(
        await site.admin.send('POST', '/api/keys', { body, headers: { 'content-type': 'application/json' } }),
      ).toMatchObject({ status: 400 });
    });
  });
}
