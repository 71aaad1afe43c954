import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer();
});
afterAll(() => site?.close());

/** Status lines of everything that is answered until the connection ends or says nothing for a second. */
function answersTo(raw: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(site.url);
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(raw));
    let received = '';
    const done = () => {
      socket.destroy();
      resolve([...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]!));
    };
    socket
      .on('data', (bytes) => (received += bytes.toString('latin1')))
      .on('close', done)
      .on('error', reject)
      .setTimeout(1000, done);
  });
}

const HEAD = 'POST /api/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
const SECOND = 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

test.each([
  ['both lengths', `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`],
  [
    'both lengths, in reverse order',
    `${HEAD}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  ['two different lengths', `${HEAD}Content-Length: 2\r\nContent-Length: ${2 + SECOND.length}\r\n\r\n{}${SECOND}`],
  ['the same length twice and more data', `${HEAD}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${SECOND}`],
  [
    'two lengths on a route without a body',
    `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nContent-Length: ${SECOND.length}\r\n\r\n${SECOND}`,
  ],
  ['a transfer coding other than chunked', `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${SECOND}`],
  ['an unknown transfer coding', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SECOND}`],
  ['the coding "identity"', `${HEAD}Transfer-Encoding: identity\r\n\r\n${SECOND}`],
  ['two transfer codings', `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`],
  ['two hosts', `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n${SECOND}`],
  [
    'a transfer coding on a route without a body',
    `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\n\r\n${SECOND}`,
  ],
  ['an invalid length', `${HEAD}Content-Length: 2x\r\n\r\n{}${SECOND}`],
])('a request with %s smuggles no second request', async (_what, raw) => {
  expect(await answersTo(raw)).not.toContain('200');
});

test.each(['gzip', 'identity', 'br, gzip', ''])(
  'a body with Content-Encoding %j is refused, and the connection ends',
  async (coding) => {
    expect(await answersTo(`${HEAD}Content-Encoding: ${coding}\r\nContent-Length: 2\r\n\r\n{}`)).toEqual(['415']);
  },
);

test('a chunked body is accepted', async () => {
  expect(await answersTo(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`)).toEqual(['400']);
});

test('pipelined requests are answered in order', async () => {
  expect(await answersTo(`${SECOND}${SECOND}`)).toEqual(['200', '200']);
});

test('a repeated parameter is refused, not joined', async () => {
  const users = async (query: string) => (await site.admin.send('GET', `/api/users?${query}`)).status;
  expect(await users('limit=1')).toBe(200);
  expect(await users('limit=1&limit=x')).toBe(400);
  expect(await users('limit=1,2')).toBe(400);
});
