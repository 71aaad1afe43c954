import { ProtocolError } from '../../protocol/errors.ts';

/** No session has this id: it was made up, or its session is deleted. */
export const unknownSession = (id: string): ProtocolError =>
  new ProtocolError('not_found', 'session not found', { ref: id, refusal: { kind: 'unknown_id', target: id } });

/** The session is outside the console's subscription: not found there, and no reason to suspect anybody. */
export const outsideSubscription = (id: string): ProtocolError =>
  new ProtocolError('not_found', 'session not found', { ref: id });

/** The session exists, and the person does not see it. */
export const invisibleSession = (id: string): ProtocolError =>
  new ProtocolError('not_found', 'session not found', { ref: id, refusal: { kind: 'not_own', target: id } });
