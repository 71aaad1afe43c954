import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiContract } from '../support/openapi.ts';
import { RawHttp } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let contract: ApiContract;
beforeAll(async () => {
  site = await startTestServer();
  contract = await ApiContract.of(site.url);
});
afterAll(() => site?.close());

const ID = '00000000-0000-7000-8000-000000000000';
/** A path of the document with something in its parameters. */
const concrete = (path: string) => path.replaceAll(/\{\w+\}/g, ID);
const paths = () => [...new Set(contract.operations.map(({ path }) => path))];

/** Every place in the document that stands for a shape, with the way to it. */
function shapes(value: unknown, way: string): { way: string; shape: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => shapes(item, `${way}/${index}`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inside = shapes(item, `${way}/${key}`);
    if (key === 'schema' || key === 'items') return [{ way: `${way}/${key}`, shape: item as unknown }, ...inside];
    if (key === 'properties')
      return [
        ...Object.entries(item as object).map(([name, shape]) => ({ way: `${way}/${name}`, shape: shape as unknown })),
        ...inside,
      ];
    return inside;
  });
}

const says = (shape: unknown) =>
  typeof shape === 'object' &&
  shape !== null &&
  Object.keys(shape).some((key) => key !== 'description' && key !== 'default');

/** What may be anything on purpose: details of an event are the reporter's own. */
const ANYTHING = /\/(details|data|additionalProperties|payload)$|\/register\/post\/.*\/role$/;

describe('/openapi.json', () => {
  test('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(contract.document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  test('has a unique id, a summary and a tag for each operation', () => {
    const ids = contract.operations.map(({ operationId }) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const headings = (contract.document['tags'] as { name: string }[]).map(({ name }) => name);
    for (const { tags } of contract.operations) expect(headings).toContain(tags[0]);
  });

  test('includes its own route and the service routes', () => {
    expect(paths()).toEqual(expect.arrayContaining(['/health', '/ready', '/metrics', '/openapi.json']));
  });

  test('describes every schema', () => {
    const bare = shapes(contract.document, '').filter(({ way, shape }) => !says(shape) && !ANYTHING.test(way));
    expect(bare.map(({ way }) => way)).toEqual([]);
  });
});

describe('every path', () => {
  test('accepts HEAD where it accepts GET, without a body', async () => {
    for (const { path } of contract.operations.filter(({ method }) => method === 'GET')) {
      const answer = await site.admin.send('HEAD', concrete(path));
      expect([200, 400, 404, 503], `HEAD ${path}`).toContain(answer.status);
      expect(answer.body).toBeUndefined();
    }
  });

  test('refuses other methods with 405 and the allowed ones', async () => {
    for (const path of paths().filter((known) => known !== '/')) {
      const known = contract.operations.filter((operation) => operation.path === path).map(({ method }) => method);
      const other = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].find(
        (method) => !known.includes(method) && !contract.find(method, concrete(path)),
      );
      if (!other) continue;
      const answer = await site.api().send(other, concrete(path));
      expect(answer, `${other} ${path}`).toMatchObject({
        status: 405,
        contentType: 'application/problem+json',
        body: { code: 'method_not_allowed', status: 405 },
      });
      const allow = answer.headers.get('allow')?.split(', ') ?? [];
      expect(allow, path).toEqual(expect.arrayContaining([...known, 'OPTIONS']));
    }
  });

  test('answers the preflight of an allowed origin only', async () => {
    for (const path of paths()) {
      const preflight = (origin: string) =>
        fetch(site.url + concrete(path), {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization',
          },
        });
      const allowed = await preflight('http://localhost:3000');
      expect(allowed.status, path).toBe(204);
      expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
      expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
      const known = contract.operations.find((operation) => operation.path === path)!;
      expect(allowed.headers.get('access-control-allow-methods')).toContain(known.method);
      const foreign = await preflight('https://elsewhere.example');
      expect(foreign.status).toBe(204);
      expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
      expect(foreign.headers.get('access-control-allow-methods')).toBeNull();
    }
  });
});

describe('an invalid request', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };

  test('gets a problem with the name of the field', async () => {
    const answer = await site
      .api()
      .send('POST', '/api/auth/register', { headers: JSON_TYPE, body: '{"email":"ada","password":"long enough"}' });
    expect(answer).toMatchObject({
      status: 400,
      contentType: 'application/problem+json',
      body: {
        type: 'urn:invigil:error:bad_request',
        title: 'bad request',
        status: 400,
        code: 'bad_request',
        retryable: false,
        errors: [{ field: 'body.email' }],
      },
    });
    const query = await site.admin.send('GET', '/api/exams?limit=0');
    expect(query).toMatchObject({ status: 400, body: { errors: [{ field: 'query.limit' }] } });
    const path = await site.admin.send('GET', '/api/sessions/17');
    expect(path).toMatchObject({ status: 400, body: { errors: [{ field: 'path.id' }] } });
  });

  test('with malformed JSON: 400', async () => {
    for (const body of ['{"email":', '{"a":1}}', '\u0000', "{'email':1}"]) {
      expect(await site.api().send('POST', '/api/auth/login', { headers: JSON_TYPE, body })).toMatchObject({
        status: 400,
        body: { code: 'malformed_json' },
      });
    }
  });

  test('with another media type: 415', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'multipart/form-data; boundary=a',
    ]) {
      expect(
        await site.api().send('POST', '/api/auth/login', { headers: { 'content-type': type }, body: '{}' }),
      ).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    }
  });

  test('without the length of a required body: 411', async () => {
    const raw = new RawHttp(site.url);
    raw.send('POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n');
    expect(await raw.answer()).toMatchObject({ status: 411, headers: { 'content-type': 'application/problem+json' } });
    raw.destroy();
  });

  test('above the documented size: 413, with or without Content-Length', async () => {
    const limitOf = (path: string) =>
      Number(
        /^At most (\d+) bytes\.$/.exec(
          contract.operations.find((operation) => operation.path === path)?.requestBody?.description ?? '',
        )?.[1],
      );
    const limit = limitOf('/api/auth/login');
    const oneByteMore = `{"email":"${'a'.repeat(limit - 11)}"}`;
    expect(oneByteMore.length).toBe(limit + 1);
    expect(await site.api().send('POST', '/api/auth/login', { headers: JSON_TYPE, body: oneByteMore })).toMatchObject({
      status: 413,
      body: { code: 'too_large' },
    });
    const most = oneByteMore.replace('a', '');
    expect(await site.api().send('POST', '/api/auth/login', { headers: JSON_TYPE, body: most })).toMatchObject({
      status: 400,
      body: { code: 'bad_request' },
    });

    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(limitOf('/api/cv/analyze-frame'))]), 'a.jpg');
    expect(await site.admin.send('POST', '/api/cv/analyze-frame', { body: form })).toMatchObject({
      status: 413,
      body: { code: 'too_large' },
    });

    const raw = new RawHttp(site.url);
    raw.send(
      'POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    raw.send(`10000\r\n${'a'.repeat(0x10000)}\r\n0\r\n\r\n`);
    expect(await raw.answer()).toMatchObject({ status: 413 });
    raw.destroy();
  });

  test('without its announced body: 408 or a closed connection', async () => {
    const raw = new RawHttp(site.url);
    raw.send(
      'POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email"',
    );
    const answer = await raw.answer();
    if (answer) expect(answer.status).toBe(408);
    else expect(raw.closed).toBe(true);
    raw.destroy();
  });

  test('gets a response without details of the server', async () => {
    const answers = await Promise.all([
      site.admin.send('GET', "/api/exams?cursor=';--"),
      site.admin.send('GET', `/api/sessions/${ID}`),
      site.admin.send('POST', '/api/exams', { headers: JSON_TYPE, body: '{"title":{"a":[]}}' }),
      site.api().send('POST', '/api/auth/login', {
        headers: JSON_TYPE,
        body: '{"email":"a@example.org\\u0000","password":"\\u0000"}',
      }),
      site.api().send('GET', '/nothing/here'),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBeLessThan(500);
      expect(JSON.stringify(body)).not.toMatch(
        /node_modules|\.ts:|\.js:|at \w+ \(|relation|syntax error|select |pg_|kysely/i,
      );
    }
  });
});
