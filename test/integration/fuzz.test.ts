import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { type Request, requests } from '../support/fuzz-requests.ts';
import { ApiContract } from '../support/openapi.ts';
import { RawHttp } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { fixedSeed } from '../support/random.ts';
import { sized } from '../support/size.ts';

/** At full size rare combinations are met, too: bodies of one route with the credentials of another role. */
const REQUESTS = sized(10_000, 3000);
const CONNECTIONS = 8;
const SEED = fixedSeed(4);
/** Bodies that never come would each take the server's whole patience. */
const PATIENCE_MS = 2000;
const WARM_UP = sized(3000, 1000);
const OBJECTS = 10;
/** Growth that counts as a leak, per half of the requests after the warm-up: the same share of a request at each size. */
const GROWTH_MB = sized(24, 7);

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer();
});
afterAll(() => site?.close());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Heap and buffers in use, once what is garbage has gone. */
async function memory(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

interface Tally {
  answered: number;
  readonly statuses: Map<number, number>;
  readonly failures: { request: string; status: number; text: string }[];
}

/** Sends its share over one connection, or the next one where the server ended it. */
async function run(own: readonly Request[], tally: Tally): Promise<void> {
  let connection = new RawHttp(site.url);
  for (const { bytes, method, complete } of own) {
    if (connection.closed) connection = new RawHttp(site.url);
    connection.send(bytes);
    const answer = await connection.answer(method, complete ? PATIENCE_MS : 50);
    if (answer) {
      tally.answered++;
      tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 500)
        tally.failures.push({
          request: bytes.subarray(0, 2000).toString('latin1'),
          status: answer.status,
          text: answer.text,
        });
    }
    if (answer && complete && answer.headers['connection'] !== 'close') continue;
    // What is left of a request that was cut off would be read as the next one.
    connection.destroy();
    connection = new RawHttp(site.url);
  }
  connection.destroy();
}

async function runAll(all: readonly Request[], tally: Tally): Promise<void> {
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, lane) =>
      run(
        all.filter((_request, index) => index % CONNECTIONS === lane),
        tally,
      ),
    ),
  );
}

test(`${REQUESTS} random requests cause no 5xx, no crash and no memory growth`, async () => {
  const { operations } = await ApiContract.of(site.url);
  const student = await site.student();
  // Somebody else, for whom it does no harm when a request disables them, ends their login or uses up their token.
  const victim = await site.student();
  const ids = [victim.userId, '00000000-0000-7000-8000-000000000000'];
  for (let i = 0; i < OBJECTS; i++) {
    const exam = await site.admin.createExam();
    const session = await student.startSession(exam.id);
    const event = await student.post<Event>('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
    ids.push(exam.id, session.id, event.id);
  }
  const known = {
    // Whoever is logged out is refused everything that follows.
    operations: operations
      .filter(({ path }) => path !== '/api/auth/logout')
      .map(({ method, path }) => ({ method, path })),
    ids,
    tokens: [
      student.tokens!.accessToken,
      (await site.proctor()).tokens!.accessToken,
      site.admin.tokens!.accessToken,
      victim.tokens!.refreshToken,
    ],
  };
  const all = fc.sample(requests(known), { numRuns: REQUESTS, seed: SEED });
  const tally: Tally = { answered: 0, statuses: new Map(), failures: [] };

  await runAll(all.slice(0, WARM_UP), tally);
  const middle = WARM_UP + (REQUESTS - WARM_UP) / 2;
  const before = await memory();
  await runAll(all.slice(WARM_UP, middle), tally);
  const between = await memory();
  await runAll(all.slice(middle), tally);
  const after = await memory();

  expect(tally.failures).toEqual([]);
  // Most of it was not just thrown away at the door.
  expect(tally.answered).toBeGreaterThan(REQUESTS * 0.8);
  expect([...tally.statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405]));
  expect(Math.min(after - between, between - before) / (1024 * 1024)).toBeLessThan(GROWTH_MB);
  expect(await fetch(`${site.url}/health`).then((response) => response.json())).toMatchObject({
    status: 'ok',
    database: 'up',
  });
  if (process.env['TEST_VERBOSE'])
    process.stderr.write(
      `${JSON.stringify({ answered: tally.answered, statuses: Object.fromEntries(tally.statuses), before, between, after })}\n`,
    );
});
