import type { ColumnType, Generated } from 'kysely';
import type { Role } from '../../protocol/http/accounts.ts';

export interface UsersTable {
  id: string;
  /** Lower case. */
  email: string;
  name: string;
  role: Role;
  /** Default: the first organisation. */
  organisation_id: Generated<string>;
  /** PHC string: algorithm, parameters, salt and hash. */
  password_hash: string;
  /** Unique within the organisation, in any case; null: none. */
  student_number: Generated<string | null>;
  /** Id in the institution's own system, unique within the organisation; null: none. */
  external_id: Generated<string | null>;
  disabled_at: Date | null;
  /** When name, address and numbers were replaced. */
  anonymised_at: Generated<Date | null>;
  /** Folded name, address and numbers (`searchText`). */
  search: Generated<string>;
  created_at: ColumnType<Date, Date | undefined, never>;
}
