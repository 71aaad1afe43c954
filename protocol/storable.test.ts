import { describe, expect, test } from 'vitest';
import { MAX_TEXT_BYTES, parseConsoleMessage, parseExamMessage } from './codec.ts';
import { CreateUserBody, RegisterBody, SetupBody } from './http/accounts.ts';
import { CreateExamBody } from './http/exams.ts';
import { PageQuery } from './http/lists.ts';

const ID = '0191f0a0-0000-7000-8000-000000000001';
const signal = (data: string) =>
  `{"type":"signal","seq":1,"signal":"PASTE","at":"2026-01-01T10:00:00.000Z","data":${data}}`;
const refused = { name: 'ProtocolError', code: 'bad_message', close: 4400 };

/** JSON escapes of characters that PostgreSQL's text and jsonb refuse. */
const UNSTORABLE = ['\\u0000', 'a\\u0000b', '\\ud800', 'x\\udc00', '\\udc00\\ud800'];

describe('T1: text that cannot be stored is refused', () => {
  test.each(UNSTORABLE)('"%s" in a value, a key, a list or deeper in a signal', (bad) => {
    for (const data of [`{"a":"${bad}"}`, `{"${bad}":1}`, `{"a":["x","${bad}"]}`, `{"a":{"b":{"${bad}":[]}}}`]) {
      expect(() => parseExamMessage(signal(data)), data).toThrow(expect.objectContaining(refused));
    }
  });

  test.each(UNSTORABLE)('"%s" in the text of a command', (bad) => {
    for (const part of [
      `"do":"message","text":"${bad}"`,
      `"do":"terminate","reason":"${bad}"`,
      `"do":"pause","reason":"a ${bad}"`,
    ]) {
      const text = `{"type":"command","session":"${ID}",${part}}`;
      expect(() => parseConsoleMessage(text), text).toThrow(expect.objectContaining(refused));
    }
  });

  test.each(UNSTORABLE)('"%s" in names and titles over HTTP', (bad) => {
    const name = JSON.parse(`"a${bad}"`) as string;
    const account = { email: 'a@example.org', password: 'a long password', name };
    expect(RegisterBody.safeParse(account).success).toBe(false);
    expect(CreateUserBody.safeParse({ ...account, role: 'proctor' }).success).toBe(false);
    expect(SetupBody.safeParse({ ...account, token: 't' }).success).toBe(false);
    expect(CreateExamBody.safeParse({ title: name }).success).toBe(false);
    expect(CreateExamBody.safeParse({ title: 'ok', policy: { weights: { [name]: 1 } } }).success).toBe(false);
  });

  test.each([
    '{"__proto__":{"a":1},"b":2}',
    '{"a":{"__proto__":1}}',
    '{"a":[{"\\u005f_proto__":1}]}',
    '{"a":1e400}',
    '{"a":[-1e309]}',
  ])('%s in a signal: it would be stored as something else', (data) => {
    expect(() => parseExamMessage(signal(data))).toThrow(expect.objectContaining(refused));
  });

  test('numbers that lose precision, and names of other object members, are accepted', () => {
    for (const data of [
      '{"a":123456789012345678901234567890}',
      '{"a":1e308}',
      '{"constructor":{"prototype":1}}',
      '{"toString":1}',
    ])
      expect(parseExamMessage(signal(data)), data).toMatchObject({ type: 'signal' });
  });

  test('every other character is accepted, including complete surrogate pairs', () => {
    const data = { text: '\u0001\t\n " \\ é 漢 👩‍🎓 \ufffd \uffff', '𝕜ey': ['🙂'] };
    expect(parseExamMessage(signal(JSON.stringify(data)))).toMatchObject({ data });
    expect(
      RegisterBody.parse({ email: 'A@Example.org', password: 'a long password', name: ' Zoë 漢 🙂 ' }),
    ).toMatchObject({
      email: 'a@example.org',
      name: 'Zoë 漢 🙂',
    });
  });
});

describe('T1: nesting', () => {
  const lists = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  test('a message nested 16 levels deep is accepted', () => {
    expect(parseExamMessage(signal(lists(14)))).toMatchObject({ type: 'signal' });
    expect(parseExamMessage(signal(objects(15)))).toMatchObject({ type: 'signal' });
  });

  test('deeper nesting, up to the longest message, is refused with bad_message, without a stack overflow', () => {
    const deepest = Math.floor((MAX_TEXT_BYTES - 200) / 2);
    for (const data of [lists(15), lists(deepest), objects(16), objects(Math.floor((MAX_TEXT_BYTES - 200) / 6))]) {
      expect(signal(data).length).toBeLessThanOrEqual(MAX_TEXT_BYTES);
      expect(() => parseExamMessage(signal(data))).toThrow(expect.objectContaining(refused));
    }
  });
});

describe('queries', () => {
  test('a cursor that is not an id is refused before the database is queried', () => {
    expect(PageQuery.parse({ cursor: ID, limit: '10' })).toEqual({ cursor: ID, limit: 10 });
    expect(PageQuery.safeParse({ cursor: 'x' }).success).toBe(false);
    expect(PageQuery.safeParse({ limit: '201' }).success).toBe(false);
    expect(PageQuery.parse({})).toEqual({ limit: 50 });
  });
});
