import { takenField, type UniqueField } from '../../../db/users.ts';
import { badField, ProtocolError } from '../../../protocol/errors.ts';

const NAMES = { student_number: 'studentNumber', external_id: 'externalId' } as const;

/** Another account already has the value. */
export function fieldTaken(field: UniqueField): ProtocolError {
  if (field === 'email') return new ProtocolError('email_taken', 'an account with this email address already exists');
  return badField(`body.${NAMES[field]}`, 'belongs to another account of the organisation');
}

/** For the error of a statement. */
export function throwTaken(error: unknown): never {
  const field = takenField(error);
  throw field ? fieldTaken(field) : error;
}
