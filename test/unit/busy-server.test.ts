import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SERVER_BUSY } from '../../protocol/http/server-busy.ts';
import { Api as SimulatorApi } from '../../simulator/api.ts';
import { Api } from '../support/api.ts';

const schema = {};
const content = { 'application/json': { schema } };
const CONTRACT = {
  paths: {
    '/api/sessions/{id}/ticket': {
      post: { responses: { 200: { content }, 503: { content: { 'application/problem+json': { schema } } } } },
    },
  },
};

let server: Server;
let url: string;
/** Refusals still to come, and requests so far. */
let refusals: string[];
let requests: number;

beforeEach(async () => {
  requests = 0;
  server = createServer(({ url: path }, response) => {
    const answer = (status: number, type: string, body: unknown) =>
      response.writeHead(status, { 'content-type': type, 'retry-after': '1' }).end(JSON.stringify(body));
    if (path === '/openapi.json') return answer(200, 'application/json', CONTRACT);
    requests += 1;
    const detail = refusals.shift();
    return detail === undefined
      ? answer(200, 'application/json', { ticket: 't' })
      : answer(503, 'application/problem+json', { code: 'unavailable', detail, retryable: true });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test.each([
  ['of tests', () => new Api(url).examTicket('x')],
  ['of the simulator', () => new SimulatorApi(url, 'a token').ticket('x')],
])('the client %s repeats a request that waited too long for its turn, and no other one', async (_whose, ticket) => {
  refusals = [SERVER_BUSY, SERVER_BUSY];
  expect(await ticket()).toEqual({ ticket: 't' });
  expect(requests).toBe(3);
  refusals = ['the database is not available'];
  await expect(ticket()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  expect(requests).toBe(4);
});
