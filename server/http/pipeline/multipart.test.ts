import { expect, test } from 'vitest';
import { parseMultipart } from './multipart.ts';

const TYPE = 'multipart/form-data; boundary=b';
const parse = (text: string, type = TYPE) => parseMultipart(Buffer.from(text, 'latin1'), type);
const part = (name: string, content = 'x') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
const malformed = expect.objectContaining({ code: 'malformed_body' });

test('fields are parsed into strings and files into bytes', () => {
  const body = `${part('sessionId', 'ten')}--b\r\nContent-Disposition: form-data; name="file"; filename="f.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n\xff\xd9\r\n--b--\r\n`;
  expect(parse(body)).toEqual({ sessionId: 'ten', file: Buffer.from([0xff, 0xd8, 0x0d, 0x0a, 0xff, 0xd9]) });
});

test.each([
  ['a boundary in quotes', `${part('a', 'ten')}--b--`, 'multipart/form-data; charset=utf-8; boundary="b"'],
  ['a line before its first boundary, and text after its last', `\r\n${part('a', 'ten')}--b--\r\nmore`, TYPE],
  ['blanks after a boundary', `${part('a', 'ten').replace('--b', '--b \t')}--b--\r\n`, TYPE],
  ['a name that is a token', '--b\r\ncontent-disposition:form-data;name=a\r\n\r\nten\r\n--b--', TYPE],
])('%s is taken', (_, body, type) => {
  expect(parse(body, type)).toEqual({ a: 'ten' });
});

test('empty fields, empty files and quotes in names are parsed', () => {
  const body =
    '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; filename=""; name="f"\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; name="q\\"q"\r\n\r\n--b--\r\n';
  expect(parse(body)).toEqual({ a: '', f: Buffer.alloc(0), 'q"q': '' });
});

test.each([
  ['without its end', part('a').trimEnd()],
  ['cut off in a file', '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n\xff\xd8'],
  ['cut off in a header', '--b\r\nContent-Dispo'],
  ['with another boundary', `${part('a').replace('--b', '--c')}--c--\r\n`],
  ['that is no multipart at all', 'ten'],
  ['that is empty', ''],
  ['of boundary lines only', '--b\r\n'.repeat(50_000)],
  ['of empty parts', '--b\r\n\r\n\r\n'.repeat(50_000)],
  ['of seventeen parts', `${Array.from({ length: 17 }, (_, n) => part(`f${n}`)).join('')}--b--\r\n`],
  ['with a name twice', `${part('a')}${part('a')}--b--\r\n`],
  ['with a part without a name', '--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n'],
  [
    'with nine header lines',
    `--b\r\n${'X: y\r\n'.repeat(8)}Content-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n`,
  ],
  ['with a header of 3 KB', `--b\r\nContent-Disposition: form-data; name="${'n'.repeat(3000)}"\r\n\r\nx\r\n--b--\r\n`],
  ['with a long preamble', `${'x'.repeat(300)}\r\n${part('a')}--b--\r\n`],
  ['with a text of 65 KiB', `${part('a', 'x'.repeat(65 * 1024))}--b--\r\n`],
  ['with something after a boundary', `--bb\r\n${part('a')}--b--\r\n`],
])('a multipart body %s is malformed', (_, body) => {
  expect(() => parse(body)).toThrow(malformed);
});

test.each(['', '; x=y', '; boundary=', `; boundary=${'b'.repeat(71)}`, '; boundary="b "', '; boundary=b\u00e9'])(
  'a media type with %j names no boundary',
  (parameters) => {
    expect(() => parse(`${part('a')}--b--`, `multipart/form-data${parameters}`)).toThrow(malformed);
  },
);

test('names of Object.prototype members are ordinary fields', () => {
  const body = parse(`${part('__proto__')}--b--\r\n`);
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('x');
});
