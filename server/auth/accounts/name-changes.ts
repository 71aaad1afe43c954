import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { saltedDigest } from '../../../db/audit/hash.ts';
import type { Executor } from '../../../db/executor.ts';
import { insertNameChanges, listNameChanges } from '../../../db/name-changes.ts';
import type { Account } from '../../../protocol/http/accounts.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Part of the payload of `USER_CHANGED`: the log commits to both names, which can still be erased. */
export interface NameCommitment {
  readonly nameChangeId: string;
  readonly namesDigest: string;
}

/**
 * Keeps the former names of accounts whose name changes.
 * @returns commitments by account; none for an account that keeps its name
 */
export async function recordNames(
  ex: Executor,
  changes: readonly { readonly before: Named; readonly after: Named }[],
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<ReadonlyMap<string, NameCommitment>> {
  const rows = changes
    .filter(({ before, after }) => before.name !== after.name)
    .map(({ before, after }) => ({
      id: uuidv7(),
      user_id: before.id,
      old_name: before.name,
      new_name: after.name,
      salt: randomBytes(32),
      changed_by: by,
      changed_at: at,
    }));
  await insertNameChanges(ex, rows);
  return new Map(
    rows.map(({ id, user_id, old_name, new_name, salt }) => {
      const digest = saltedDigest('names', salt, JSON.stringify([old_name, new_name]));
      return [user_id, { nameChangeId: id, namesDigest: digest.toString('base64url') }];
    }),
  );
}

/** Former names that one answer holds. */
export const MOST_FORMER_NAMES = 50;

/** Former names of an account, newest first. */
export async function formerNames(ex: Executor, userId: string): Promise<NonNullable<Account['formerNames']>> {
  const rows = await listNameChanges(ex, userId, MOST_FORMER_NAMES);
  return rows.map(({ old_name, changed_at, changed_by, by_name, by_email }) => ({
    name: old_name,
    until: changed_at.toISOString(),
    by: { id: changed_by, name: by_name || by_email },
  }));
}
