/** Former names of accounts. */
export interface NameChangesTable {
  id: string;
  user_id: string;
  old_name: string;
  new_name: string;
  /** Salt of the digest of both names in the audit log. */
  salt: Uint8Array;
  changed_by: string;
  changed_at: Date;
}
