import { expect, test } from 'vitest';
import { checkMediaType, parseBody } from './body.ts';

const multipart = (text: string) => parseBody('multipart', Buffer.from(text, 'latin1'), 'multipart/form-data; boundary=b');

test('a multipart body gives its fields as texts and its files as bytes', async () => {
  const body = '--b\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\nten\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="f.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n\xff\xd9\r\n--b--\r\n';
  expect(await multipart(body)).toEqual({ sessionId: 'ten', file: Buffer.from([0xff, 0xd8, 0x0d, 0x0a, 0xff, 0xd9]) });
});

test.each([
  ['without its end', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nten'],
  ['cut off in a file', '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n\xff\xd8'],
  ['cut off in a header', '--b\r\nContent-Dispo'],
  ['with another boundary', '--c\r\nContent-Disposition: form-data; name="a"\r\n\r\nten\r\n--c--\r\n'],
  ['that is no multipart at all', 'ten'],
])('a multipart body %s is malformed', async (_, body) => {
  await expect(Promise.resolve().then(() => multipart(body))).rejects.toMatchObject({ code: 'malformed_body' });
});

test('a multipart body without a boundary is malformed', async () => {
  await expect(Promise.resolve().then(() => parseBody('multipart', Buffer.from('x'), 'multipart/form-data; x=y'))).rejects.toMatchObject({ code: 'malformed_body' });
});

test('too many parts are malformed, not taken in part', async () => {
  const part = (n: number) => `--b\r\nContent-Disposition: form-data; name="f${n}"\r\n\r\nx\r\n`;
  await expect(multipart(`${Array.from({ length: 40 }, (_, n) => part(n)).join('')}--b--\r\n`)).rejects.toMatchObject({ code: 'malformed_body' });
});

test('names of a prototype are fields like others', async () => {
  const body = (await multipart('--b\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--\r\n')) as object;
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('x');
});

test('JSON that is none, and another media type, are told apart', () => {
  expect(() => parseBody('json', Buffer.from('{'), '')).toThrow(expect.objectContaining({ code: 'malformed_json' }));
  expect(() => checkMediaType('json', 'text/plain')).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
  expect(() => checkMediaType('json', 'application/merge-patch+json; charset=utf-8')).not.toThrow();
  expect(() => checkMediaType('form', 'application/json')).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
});

test('a form gives texts, of a repeated name the last', () => {
  expect(parseBody('form', Buffer.from('username=a%40b&password=x+y&password=z'), '')).toEqual({ username: 'a@b', password: 'z' });
});
