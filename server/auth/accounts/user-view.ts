import type { UserRow } from '../../../db/users.ts';
import { revisionOf } from '../../../db/revision.ts';
import { NO_PASSWORD } from '../passwords/passwords.ts';
import type { User } from '../../../protocol/http/accounts.ts';

/** Public view of an account, without its hash. */
export function userView(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    organisationId: row.organisation_id,
    studentNumber: row.student_number,
    externalId: row.external_id,
    passwordSet: row.password_hash !== NO_PASSWORD,
    disabledAt: row.disabled_at?.toISOString() ?? null,
    anonymisedAt: row.anonymised_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}

/** Of what admins and managers edit. */
export const userRevision = (row: UserRow): string =>
  revisionOf({
    name: row.name,
    email: row.email,
    student_number: row.student_number,
    external_id: row.external_id,
    role: row.role,
    disabled: row.disabled_at !== null,
    organisation_id: row.organisation_id,
  });
