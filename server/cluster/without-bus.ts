import { ProtocolError } from '../../protocol/errors.ts';
import type { OtherNodes } from '../session/live/session-door.ts';

/** Several processes without a bus: sessions of another one are left alone. */
export const WITHOUT_BUS: OtherNodes = {
  ask: async () => {
    throw new ProtocolError(
      'unavailable',
      'another server process has this session, and they are not connected (NATS_URL)',
      { retryable: true },
    );
  },
};
