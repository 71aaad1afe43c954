import type { UserRow } from '../../../db/users.ts';
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
