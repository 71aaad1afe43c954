import { sql } from 'kysely';
import type { Executor } from './executor.ts';

export interface AddressKey {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly secret: Uint8Array;
}

/** The secret of a day: the stored one, or else `fresh`. */
export async function addressKeyOf(ex: Executor, day: string, fresh: Uint8Array): Promise<Uint8Array> {
  await ex
    .insertInto('address_keys')
    .values({ day, secret: fresh })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await ex.selectFrom('address_keys').select('secret').where('day', '=', day).executeTakeFirstOrThrow();
  return row.secret;
}

/** Stored secrets, newest first. */
export async function listAddressKeys(ex: Executor): Promise<AddressKey[]> {
  const { rows } =
    await sql<AddressKey>`SELECT day::text AS day, secret FROM address_keys ORDER BY address_keys.day DESC`.execute(ex);
  return rows;
}

/** @param before `YYYY-MM-DD` @returns the number of deleted secrets */
export async function deleteAddressKeys(ex: Executor, before: string): Promise<number> {
  const { numDeletedRows } = await ex.deleteFrom('address_keys').where('day', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}
