import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConsoleMessage, parseExamMessage } from './codec.ts';
import { ProtocolError } from './errors.ts';

const ID = '0191f0a0-0000-7000-8000-000000000001';
const AT = '2026-01-01T10:00:00.000Z';
const SIGNAL = { type: 'signal', seq: 1, signal: 'TAB_SWITCH', at: AT };

function refusal(parse: (text: string) => unknown, text: string): ProtocolError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error(`taken: ${text.slice(0, 100)}`);
}

const EXAM_GOOD: Record<string, unknown> = {
  hello: { type: 'hello' },
  'hello with resume': { type: 'hello', resume: { stream: ID, lastSeq: 0 } },
  signal: SIGNAL,
  'signal of an unknown name': { ...SIGNAL, signal: 'MY_OWN_2' },
  'signal with data': {
    ...SIGNAL,
    data: { url: 'https://example.org', n: [1, { deep: null }], text: 'Ünïcode 👩‍🎓 "quoted"' },
  },
  'signal with an offset': { ...SIGNAL, at: '2026-01-01T10:00:00+02:00' },
  finish: { type: 'finish' },
  reauth: { type: 'reauth', ticket: 'abc' },
};

const EXAM_BAD: Record<string, unknown> = {
  'no object': [SIGNAL],
  'a bare word': 'finish',
  null: null,
  'no type': { seq: 1 },
  'an unknown type': { type: 'shout' },
  'a message of the console': { type: 'watch', session: ID, fps: 1 },
  'an unknown field': { type: 'finish', now: true },
  'an unknown field inside': { type: 'hello', resume: { stream: ID, lastSeq: 0, more: 1 } },
  'seq 0': { ...SIGNAL, seq: 0 },
  'a broken seq': { ...SIGNAL, seq: 1.5 },
  'a seq as text': { ...SIGNAL, seq: '1' },
  'a seq that no integer column holds': { ...SIGNAL, seq: 2 ** 31 },
  'a name in lower case': { ...SIGNAL, signal: 'tab_switch' },
  'a name of 65 letters': { ...SIGNAL, signal: 'A'.repeat(65) },
  'a time without offset': { ...SIGNAL, at: '2026-01-01T10:00:00' },
  'a time that is none': { ...SIGNAL, at: '2026-02-30T10:00:00Z' },
  'data that is a list': { ...SIGNAL, data: [1] },
  'a stream that is no id': { type: 'hello', resume: { stream: 'x', lastSeq: 0 } },
  'a long ticket': { type: 'reauth', ticket: 'x'.repeat(129) },
};

const CONSOLE_GOOD: Record<string, unknown> = {
  'subscribe to all': { type: 'subscribe' },
  'subscribe from offsets': { type: 'subscribe', session: ID, from: { [ID]: 7 } },
  watch: { type: 'watch', session: ID, fps: 2 },
  unwatch: { type: 'unwatch', session: ID },
  pause: { type: 'command', session: ID, do: 'pause' },
  terminate: { type: 'command', session: ID, do: 'terminate', reason: 'left the room' },
  message: { type: 'command', session: ID, do: 'message', text: 'Zeigen Sie Ihren Tisch, bitte. 🙂' },
  extend: { type: 'command', session: ID, do: 'extend', minutes: 10 },
};

const CONSOLE_BAD: Record<string, unknown> = {
  'an offset that no integer column holds': { type: 'subscribe', from: { [ID]: 2 ** 31 } },
  'a from that names no session': { type: 'subscribe', from: { everything: 1 } },
  'watch without a rate': { type: 'watch', session: ID },
  'watch at 16 a second': { type: 'watch', session: ID, fps: 16 },
  'terminate without a reason': { type: 'command', session: ID, do: 'terminate' },
  'a reason of blanks': { type: 'command', session: ID, do: 'terminate', reason: '  ' },
  'an unknown command': { type: 'command', session: ID, do: 'acquit' },
  'a text where none belongs': { type: 'command', session: ID, do: 'pause', text: 'hm' },
  'half a minute': { type: 'command', session: ID, do: 'extend', minutes: 0.5 },
  'a signal': SIGNAL,
};

describe('exam messages', () => {
  test.each(Object.entries(EXAM_GOOD))('%s is read as it was sent', (_name, message) => {
    expect(parseExamMessage(JSON.stringify(message))).toEqual(message);
  });

  test.each(Object.entries(EXAM_BAD))('T1: %s is refused with bad_message, close 4400', (_name, message) => {
    expect(refusal(parseExamMessage, JSON.stringify(message))).toMatchObject({
      code: 'bad_message',
      close: 4400,
      retryable: false,
    });
  });

  test.each(['', '{', '{"type":"finish"', 'finish', '{"type":"finish"}{"type":"finish"}', '\u0000'])(
    'T1: %j, which is not JSON, is refused with bad_message',
    (text) => {
      expect(refusal(parseExamMessage, text)).toMatchObject({ code: 'bad_message', close: 4400 });
    },
  );

  test.each(['{"type":"finish","__proto__":{}}', '{"type":"hello","constructor":1}'])(
    'T1: %s, which has an unknown field, is refused with bad_message',
    (text) => {
      expect(refusal(parseExamMessage, text)).toMatchObject({ code: 'bad_message', close: 4400 });
    },
  );

  test('T1: a number outside the range of a double is refused with bad_message', () => {
    const text = JSON.stringify({ ...SIGNAL, data: { n: 0 } }).replace('"n":0', '"n":1e999');
    expect(refusal(parseExamMessage, text).code).toBe('bad_message');
  });
});

describe('console messages', () => {
  test.each(Object.entries(CONSOLE_GOOD))('%s is read as it was sent', (_name, message) => {
    expect(parseConsoleMessage(JSON.stringify(message))).toEqual(message);
  });

  test.each(Object.entries(CONSOLE_BAD))('T1: %s is refused with bad_message, close 4400', (_name, message) => {
    expect(refusal(parseConsoleMessage, JSON.stringify(message))).toMatchObject({ code: 'bad_message', close: 4400 });
  });

  test('white space around a command text is trimmed', () => {
    const text = JSON.stringify({ type: 'command', session: ID, do: 'message', text: '  hello ' });
    expect(parseConsoleMessage(text)).toMatchObject({ text: 'hello' });
  });
});

describe('T1: random input', () => {
  const near = fc.record(
    {
      type: fc.constantFrom('hello', 'signal', 'finish', 'reauth', 'subscribe', 'watch', 'command', '__proto__', 1),
      seq: fc.oneof(fc.double(), fc.integer(), fc.string()),
      signal: fc.string(),
      at: fc.oneof(fc.constant(AT), fc.string()),
      data: fc.jsonValue({ maxDepth: 6 }),
      session: fc.oneof(fc.constant(ID), fc.string()),
      do: fc.constantFrom('pause', 'message', 'toString'),
      from: fc.dictionary(fc.string(), fc.integer()),
    },
    { requiredKeys: [] },
  );

  test.each([
    ['exam', parseExamMessage],
    ['console', parseConsoleMessage],
  ] as const)('the %s codec answers with a message or with bad_message, nothing else (T1)', (_name, parse) => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      near.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parse(text)).toHaveProperty('type');
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProtocolError', code: 'bad_message', close: 4400 });
        }
      }),
      { numRuns: 500 },
    );
  });
});
