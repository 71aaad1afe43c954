import type { z } from 'zod';
import { ConsoleMessage } from './console.ts';
import type { ConsoleDown, ExamDown } from './down.ts';
import { CLOSE, ProtocolError } from './errors.ts';
import { ExamMessage } from './exam.ts';
import { isModestJson, MAX_JSON_ITEMS } from './json-shape.ts';
import { isStorable, MAX_DEPTH } from './storable.ts';

/** Maximum size of a text message from a client, bytes. */
export const MAX_TEXT_BYTES = 16 * 1024;

function parse<T>(schema: z.ZodType<T>, text: string): T {
  if (!isModestJson(text))
    throw new ProtocolError('bad_message', `message exceeds ${MAX_JSON_ITEMS} values or the maximum nesting`, {
      close: CLOSE.badMessage,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('bad_message', 'message is not JSON', { close: CLOSE.badMessage, cause });
  }
  // Before the schema: it bounds the recursion of what follows.
  if (!isStorable(value)) {
    const limits = `U+0000, a lone surrogate, the key __proto__, a number outside the range of a double, or more than ${MAX_DEPTH} levels`;
    throw new ProtocolError('bad_message', `message contains ${limits}`, { close: CLOSE.badMessage });
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

/** Without validation: messages of the server are built from the types. */
export const encodeDown = (message: ExamDown | ConsoleDown): string => JSON.stringify(message);
