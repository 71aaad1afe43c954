import type { ColumnType } from 'kysely';

export interface UsersTable {
  id: string;
  /** Lower case. */
  email: string;
  name: string;
  role: 'student' | 'proctor' | 'admin';
  /** PHC string: algorithm, parameters, salt and hash. */
  password_hash: string;
  disabled_at: Date | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
