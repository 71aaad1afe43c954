import { ProtocolError } from '../../../protocol/errors.ts';
import { isReserved } from '../../../protocol/event-types.ts';
import type { Signal } from '../../../protocol/exam.ts';
import { isSignalDataSmall, MAX_SIGNAL_DATA_BYTES } from '../../../protocol/signal-data.ts';

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
