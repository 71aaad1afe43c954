import { ProtocolError } from '../../protocol/errors.ts';
import { isReserved } from '../../protocol/event-types.ts';
import { MAX_SIGNAL_DATA_BYTES, utf8Bytes } from '../../protocol/signal-data.ts';
import { isStorable, MAX_DEPTH } from '../../protocol/storable.ts';
import type { SignalBody } from './signal-queue.ts';

const NAME = /^[A-Z][A-Z0-9_]{1,63}$/;
const MAX_KEY_LENGTH = 64;

/**
 * Refuses signals for which the server would close the connection. Copies the data, since a resend must equal the first
 * send (S5).
 * @throws ProtocolError `reserved_signal` or `bad_message`
 */
export function checkSignal(signal: string, at: string, data?: Record<string, unknown>): SignalBody {
  if (isReserved(signal)) throw new ProtocolError('reserved_signal', `signal name ${signal} is reserved`);
  if (!NAME.test(signal)) throw new ProtocolError('bad_message', `invalid signal name: ${signal.slice(0, 80)}`);
  if (!data) return { signal, at };
  const text = toJson(data);
  if (utf8Bytes(text) > MAX_SIGNAL_DATA_BYTES) {
    throw new ProtocolError('bad_message', `signal data exceeds the maximum of ${MAX_SIGNAL_DATA_BYTES} bytes as JSON`);
  }
  const copy = JSON.parse(text) as NonNullable<SignalBody['data']>;
  if (Object.keys(copy).some((key) => key.length > MAX_KEY_LENGTH)) {
    throw new ProtocolError('bad_message', `key in signal data exceeds the maximum of ${MAX_KEY_LENGTH} characters`);
  }
  // The message itself is one level.
  if (!isStorable(copy, MAX_DEPTH - 1)) {
    throw new ProtocolError('bad_message', 'signal data contains U+0000, a lone surrogate, or more than 15 levels');
  }
  return { signal, at, data: copy };
}

function toJson(data: Record<string, unknown>): string {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    throw new ProtocolError('bad_message', 'signal data must be JSON', { cause });
  }
}
