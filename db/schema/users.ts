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
  disabled_at: Date | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
