import { afterEach, expect, test, vi } from 'vitest';
import { Tickets } from './tickets.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (status: number, body: string) => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status })));
  return new Tickets({ ticketUrl: 'https://site.example/ticket' }, '', () => {});
};

test.for([
  '',
  'null',
  '[]',
  '{}',
  '<h1>Log in to the network</h1>',
  '{"captive": true}',
  '{"ticket": "a b"}',
  '{"ticket": ""}',
  '{"ticket": "abc", "url": "http://["}',
  '{"ticket": "abc", "url": {}}',
  '{"ticket": "ab',
])('a ticket URL that is answered by 200 and %j is asked again', async (body) => {
  await expect(answering(200, body).next()).rejects.toMatchObject({ code: 'bad_ticket', retryable: true });
});

test.for([
  [401, '{"type": "urn:invigil:error:unauthenticated", "code": "unauthenticated"}', true],
  [403, '{"type": "about:blank", "code": "forbidden", "retryable": false}', true],
  [404, '{"type": "urn:invigil:error:forbidden", "code": "not_found", "retryable": false}', true],
  [409, 'null', true],
  [511, '{"type": "urn:invigil:error:session_over", "code": "session_over", "retryable": false}', true],
  [409, '{"type": "urn:invigil:error:session_over", "code": "session_over", "retryable": false}', false],
] as const)('after %i and %s the ticket URL is asked again: %s', async ([status, body, retryable]) => {
  await expect(answering(status, body).next()).rejects.toMatchObject({ retryable });
});

test('a ticket keeps its path and its session', async () => {
  const ticket = answering(200, '{"ticket": "abc", "url": "/base/ws/exam", "session": "s", "more": 1}').next();
  await expect(ticket).resolves.toEqual({ ticket: 'abc', url: '/base/ws/exam', session: 's' });
});
