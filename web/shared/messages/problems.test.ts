import { afterAll, expect, test, vi } from 'vitest';
import { ERROR_CODES } from '../../../protocol/errors.ts';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });
const { ApiError } = await import('../api-error.ts');
const { problemText } = await import('./problems.ts');
// Files share their worker: others would find this document.
afterAll(() => vi.unstubAllGlobals());

/** A problem of the server whose own text no page should show by itself. */
const respond = (code: string, more: object = {}, headers: Record<string, string> = {}) =>
  ApiError.from(
    Response.json(
      { type: `urn:invigil:error:${code}`, code, detail: 'words of the server', ...more },
      { status: 409, headers },
    ),
  );

test.each(ERROR_CODES)('%s has a text on pages: a sentence that is not only the server’s', async (code) => {
  for (const retryable of [true, false]) {
    const { message } = await respond(code, { retryable });
    expect(message).toMatch(/^\p{Lu}.*[.]$/u);
    expect(message.replace('Words of the server.', '').trim()).not.toBe('');
  }
});

test('a code of a newer server is shown in the server’s words', async () => {
  expect((await respond('a_later_code')).message).toBe('Words of the server.');
  expect(problemText('toString', { detail: 'no code' })).toBe('No code.');
});

test('a response from elsewhere is recognised and shown with its status', async () => {
  const error = await ApiError.from(new Response('<h1>Bad gateway</h1>', { status: 502 }));
  expect(error.message).toMatch(/^Something between this device and the server answered in its place \(status 502\)/);
});

test('facts that the code lacks are kept: the wait, the rule of a password, the field of an input', async () => {
  expect((await respond('rate_limited', {}, { 'Retry-After': '200' })).message).toContain('in 3 min 20 sec');
  expect((await respond('rate_limited')).message).toContain('Try again later');
  for (const code of ['weak_password', 'bad_request', 'second_factor_exists'])
    expect((await respond(code)).message).toContain('Words of the server.');
});

test('an exam outside its window has not started, or has ended', () => {
  expect(problemText('exam_outside_window', { retryable: true })).toBe('The exam has not started yet.');
  expect(problemText('exam_outside_window')).toBe('The exam has ended.');
});
