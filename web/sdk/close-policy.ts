import { CLOSE } from '../../protocol/errors.ts';

/** Reaction to a close code (rule C10 and the table of close codes). */
export type AfterClose = 'reconnect' | 'moved' | 'authenticate' | 'takenOver' | 'ended' | 'failed';

export function afterClose(code: number): AfterClose {
  switch (code) {
    case CLOSE.unauthenticated:
      return 'authenticate';
    case CLOSE.moved:
      return 'moved';
    case CLOSE.takenOver:
      return 'takenOver';
    case CLOSE.sessionOver:
      return 'ended';
    case CLOSE.badMessage:
    case CLOSE.forbidden:
      return 'failed';
    default:
      return 'reconnect';
  }
}
