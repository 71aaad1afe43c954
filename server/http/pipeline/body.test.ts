import { expect, test } from 'vitest';
import { checkMediaType, parseBody } from './body.ts';

test('invalid JSON is malformed_json, another media type is unsupported_media_type', () => {
  expect(() => parseBody('json', Buffer.from('{'), '')).toThrow(expect.objectContaining({ code: 'malformed_json' }));
  expect(() => checkMediaType('json', 'text/plain')).toThrow(
    expect.objectContaining({ code: 'unsupported_media_type' }),
  );
  expect(() => checkMediaType('json', 'application/merge-patch+json; charset=utf-8')).not.toThrow();
  expect(() => checkMediaType('form', 'application/json')).toThrow(
    expect.objectContaining({ code: 'unsupported_media_type' }),
  );
});

test('a form is parsed into strings; the last value of a repeated name wins', () => {
  expect(parseBody('form', Buffer.from('username=a%40b&password=x+y&password=z'), '')).toEqual({
    username: 'a@b',
    password: 'z',
  });
});

test.each([
  ['more than a thousand values', `{"data":{${Array.from({ length: 1000 }, (_, n) => `"${n}":0`).join(',')}}}`],
  ['the same name again and again', `{${Array.from({ length: 1001 }, () => '"a":0').join(',')}}`],
  ['a list of lists', `[${Array.from({ length: 1001 }, () => '[]').join(',')}]`],
  ['lists in one another', '['.repeat(65) + ']'.repeat(65)],
  ['objects in one another', '{"a":'.repeat(65) + '0' + '}'.repeat(65)],
  ['lists that never end', '['.repeat(8000)],
])('JSON of %s is refused before it is parsed', (_, text) => {
  expect(() => parseBody('json', Buffer.from(text), '')).toThrow(
    expect.objectContaining({ code: 'malformed_json', message: expect.stringContaining('more than') }),
  );
});

test.each([
  ['commas and brackets in texts', { text: '[,{,'.repeat(1000) }],
  ['escaped quotes', { text: '\\"[,'.repeat(500) }],
  ['a thousand values', Array.from({ length: 998 }, () => 0)],
])('JSON of %s is taken', (_, value) => {
  expect(parseBody('json', Buffer.from(JSON.stringify(value)), '')).toEqual(value);
});

test('a form with too many pairs is malformed_body', () => {
  expect(() => parseBody('form', Buffer.from('a&'.repeat(64)), '')).toThrow(
    expect.objectContaining({ code: 'malformed_body' }),
  );
});
