import type { z } from 'zod';
import { ConsoleMessage } from './console.ts';
import type { ConsoleDown, ExamDown } from './down.ts';
import { CLOSE, ProtocolError } from './errors.ts';
import { ExamMessage } from './exam.ts';
import { isModestJson, MAX_JSON_ITEMS } from './json-shape.ts';
import { isStorable, MAX_DEPTH } from './storable.ts';

/** Longest text message up, bytes. */
export const MAX_TEXT_BYTES = 16 * 1024;

function parse<T>(schema: z.ZodType<T>, text: string): T {
  if (!isModestJson(text))
    throw new ProtocolError('bad_message', `more than ${MAX_JSON_ITEMS} values, or nested too deep`, {
      close: CLOSE.badMessage,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('bad_message', 'not JSON', { close: CLOSE.badMessage, cause });
  }
  // First: what follows is recursive, and what passes it is stored.
  if (!isStorable(value)) {
    const rule = `text without U+0000 and half surrogates, without a key __proto__ and numbers beyond a double's range, nested at most ${MAX_DEPTH} deep`;
    throw new ProtocolError('bad_message', `a message is ${rule}`, { close: CLOSE.badMessage });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') || 'message';
  throw new ProtocolError('bad_message', `${where}: ${issue?.message ?? 'unknown message'}`, {
    close: CLOSE.badMessage,
  });
}

/** @throws ProtocolError `bad_message` (close 4400) */
export const parseExamMessage = (text: string): ExamMessage => parse(ExamMessage, text);

/** @throws ProtocolError `bad_message` (close 4400) */
export const parseConsoleMessage = (text: string): ConsoleMessage => parse(ConsoleMessage, text);

/** What the server sends is built from types, so it is not validated again here. */
export const encodeDown = (message: ExamDown | ConsoleDown): string => JSON.stringify(message);
