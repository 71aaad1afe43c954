import type { UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';

/** @throws ProtocolError `account_disabled` for an anonymised account */
export function refuseAnonymised({ id, anonymised_at }: Pick<UserRow, 'id' | 'anonymised_at'>): void {
  if (anonymised_at)
    throw new ProtocolError('account_disabled', 'the account was anonymised and cannot be changed', { ref: id });
}
