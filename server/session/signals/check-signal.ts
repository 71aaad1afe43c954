import { MAX_STUDENT_MESSAGE_BYTES } from '../../../protocol/conversation.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { isReserved, isStudentWord } from '../../../protocol/event-types.ts';
import type { Signal } from '../../../protocol/exam.ts';
import { plainText } from '../../../protocol/plain-text.ts';
import { isSignalDataSmall, MAX_SIGNAL_DATA_BYTES, utf8Bytes } from '../../../protocol/signal-data.ts';

/**
 * Content of what the student says to staff (rule M2), as it is stored; nothing else of it is. Undefined for other
 * signals. @throws ProtocolError `reserved_signal` for one without a text, `too_large`
 */
export function wordsOf(
  type: string,
  data: Readonly<Record<string, unknown>> | undefined,
  ref?: number,
): Readonly<Record<string, unknown>> | undefined {
  if (!isStudentWord(type)) return undefined;
  if (type !== 'STUDENT_MESSAGE') return {};
  const options = ref === undefined ? {} : { ref };
  const written = data?.['text'];
  const text = typeof written === 'string' ? plainText(written) : '';
  if (text === '') throw new ProtocolError('reserved_signal', 'STUDENT_MESSAGE must have a text', options);
  if (utf8Bytes(text) > MAX_STUDENT_MESSAGE_BYTES)
    throw new ProtocolError('too_large', `a message must be at most ${MAX_STUDENT_MESSAGE_BYTES} bytes`, options);
  return { text };
}

/**
 * Rules S7 and S11: one signal that is refused costs the client neither its socket nor the number. @throws
 * ProtocolError `reserved_signal` or `too_large`
 */
export function checkSignal({ seq, signal, data }: Signal): void {
  if (isReserved(signal))
    throw new ProtocolError('reserved_signal', `${signal} is reserved for the server`, { ref: seq });
  if (data && !isSignalDataSmall(data))
    throw new ProtocolError('too_large', `signal data exceeds the maximum of ${MAX_SIGNAL_DATA_BYTES} bytes`, {
      ref: seq,
    });
}
