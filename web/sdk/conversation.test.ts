import { expect, test } from 'vitest';
import { checkMessage, Conversation } from './conversation.ts';

const notice = (seq?: number) => ({ type: 'notice', text: 'Hello', ...(seq !== undefined && { seq }) }) as const;

test('M4: a notice is new once, also one whose event the page has shown before', () => {
  const conversation = new Conversation();
  expect(conversation.marks).toBeUndefined();
  expect(conversation.read(3)).toBe(true);
  expect(conversation.take(notice(3))).toBe(true);
  expect(conversation.take(notice(3))).toBe(false);
  expect(conversation.take(notice(7))).toBe(true);
  expect(conversation.marks).toEqual({ type: 'seen', delivered: 7, read: 3 });
  expect(conversation.read(2)).toBe(false);
  // Older servers number none.
  expect([conversation.take(notice()), conversation.take(notice())]).toEqual([true, true]);
});

test('M2: a message is normalised, not empty, at most 1000 bytes, and one of ten that wait', () => {
  const code = (text: string, held = 0) => {
    try {
      return checkMessage(text, held);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(code(' a\r\n\u200b b ')).toBe('a\nb');
  expect(code(' \n ')).toBe('bad_message');
  expect(code('ä'.repeat(500))).toBe('ä'.repeat(500));
  expect(code('ä'.repeat(501))).toBe('too_large');
  expect(code('a', 9)).toBe('a');
  expect(code('a', 10)).toBe('rate_limited');
});
