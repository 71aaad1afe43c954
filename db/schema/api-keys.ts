import type { ApiKeyScope } from '../../protocol/http/api-keys.ts';

/** Keys of servers. Rows are kept after revocation, because sessions and audit entries name them. */
export interface ApiKeysTable {
  id: string;
  name: string;
  /** SHA-256 of the secret. */
  digest: Uint8Array;
  scopes: ApiKeyScope[];
  created_at: Date;
  created_by: string;
  expires_at: Date | null;
  revoked_at: Date | null;
  revoked_by: string | null;
  /** Midnight (UTC) of the day of the last use. */
  last_used_day: Date | null;
}
