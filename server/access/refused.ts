import { ProtocolError } from '../../protocol/errors.ts';

/** Somebody else's object does not exist: only the audit log records that it is there (`theirs`). */
const absent = (message: string, theirs: { readonly id: string } | undefined): ProtocolError =>
  new ProtocolError('not_found', message, theirs && { refusal: { kind: 'not_own', target: theirs.id } });

export const noSession = (theirs?: { readonly id: string }): ProtocolError => absent('session not found', theirs);
export const noEvent = (theirs?: { readonly id: string }): ProtocolError => absent('event not found', theirs);
export const noExam = (theirs?: { readonly id: string }): ProtocolError => absent('exam not found', theirs);
export const noProfile = (theirs?: { readonly id: string }): ProtocolError => absent('profile not found', theirs);
export const noCheckIn = (theirs?: { readonly id: string }): ProtocolError => absent('check-in not found', theirs);
export const noUser = (theirs?: { readonly id: string }): ProtocolError => absent('user not found', theirs);

export const ownSession = (id: string): ProtocolError =>
  new ProtocolError('forbidden', 'your own session: others watch, command and review it', {
    ref: id,
    refusal: { kind: 'own_session', target: id },
  });

export const ownCheckIn = (id: string): ProtocolError =>
  new ProtocolError('forbidden', 'your own check-in: others look at it and decide', {
    ref: id,
    refusal: { kind: 'own_session', target: id },
  });

export const roleForbids = (ref?: string): ProtocolError =>
  new ProtocolError('forbidden', 'your role does not permit this', {
    ...(ref !== undefined && { ref }),
    refusal: { kind: 'role_refused', target: ref },
  });

/** @param session one with an open appeal; undefined: there is none. @throws ProtocolError `appeal_open` */
export function refuseFrozen(session: string | undefined): void {
  if (session !== undefined)
    throw new ProtocolError(
      'appeal_open',
      'an appeal about a session is open: nothing of it is deleted until it is decided',
      {
        ref: session,
      },
    );
}
