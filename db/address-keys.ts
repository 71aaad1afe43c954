import { sql } from 'kysely';
import type { Executor } from './executor.ts';

export interface AddressKey {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly secret: Uint8Array;
}

/** The secret of a day: that which is there, or `fresh`. */
export async function addressKeyOf(ex: Executor, day: string, fresh: Uint8Array): Promise<Uint8Array> {
  await ex
    .insertInto('address_keys')
    .values({ day, secret: fresh })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await ex.selectFrom('address_keys').select('secret').where('day', '=', day).executeTakeFirstOrThrow();
  return row.secret;
}

/** Those that are there, newest first. */
export async function listAddressKeys(ex: Executor): Promise<AddressKey[]> {
  const { rows } =
    await sql<AddressKey>`SELECT day::text AS day, secret FROM address_keys ORDER BY address_keys.day DESC`.execute(ex);
  return rows;
}

/** @param before `YYYY-MM-DD` @returns how many are gone */
export async function deleteAddressKeys(ex: Executor, before: string): Promise<number> {
  const { numDeletedRows } = await ex.deleteFrom('address_keys').where('day', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}
