import { ProtocolError } from '../../protocol/errors.ts';
import { isReserved } from '../../protocol/event-types.ts';
import { MAX_SIGNAL_DATA_BYTES, utf8Bytes } from '../../protocol/signal-data.ts';
import { isStorable, MAX_DEPTH } from '../../protocol/storable.ts';
import type { SignalBody } from './signal-queue.ts';

const NAME = /^[A-Z][A-Z0-9_]{1,63}$/;
const MAX_KEY_LENGTH = 64;

/**
 * Refuses here what the server would close the connection for: one bad signal must not cost the exam its socket. The
 * data are copied, because what is sent again after a reconnect must be what was sent first (S5).
 * @throws ProtocolError `reserved_signal` or `bad_message`
 */
export function checkSignal(signal: string, at: string, data?: Record<string, unknown>): SignalBody {
  if (isReserved(signal)) throw new ProtocolError('reserved_signal', `${signal} is given by the server only`);
  if (!NAME.test(signal)) throw new ProtocolError('bad_message', `not a signal's name: ${signal.slice(0, 80)}`);
  if (!data) return { signal, at };
  const text = toJson(data);
  if (utf8Bytes(text) > MAX_SIGNAL_DATA_BYTES) {
    throw new ProtocolError('bad_message', `a signal's data may have ${MAX_SIGNAL_DATA_BYTES} bytes of JSON`);
  }
  const copy = JSON.parse(text) as NonNullable<SignalBody['data']>;
  if (Object.keys(copy).some((key) => key.length > MAX_KEY_LENGTH)) {
    throw new ProtocolError('bad_message', `a key of a signal's data may have ${MAX_KEY_LENGTH} characters`);
  }
  // One level is the message itself.
  if (!isStorable(copy, MAX_DEPTH - 1)) {
    throw new ProtocolError(
      'bad_message',
      "a signal's data may not hold U+0000, half a surrogate pair, or more than 15 levels",
    );
  }
  return { signal, at, data: copy };
}

function toJson(data: Record<string, unknown>): string {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    throw new ProtocolError('bad_message', "a signal's data must be JSON", { cause });
  }
}
