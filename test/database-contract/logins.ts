import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Db, Executor } from '../../db/executor.ts';
import { findLogin, findLogins, insertRefreshToken, lockRefreshToken, markUsed, revokeChildren, revokeFamily, revokeLoginsOf } from '../../db/refresh-tokens.ts';
import { findUser, lockUser, updateUser } from '../../db/users.ts';
import { isFamilyRevoked, makeUser, randomHash, T0 } from '../support/rows.ts';

const at = new Date(T0 + 1000);

export function logins(database: () => Db): void {
  async function begin(): Promise<{ family_id: string; user_id: string }> {
    return { family_id: uuidv7(), user_id: (await makeUser(database())).id };
  }

  async function add(ex: Executor, family: { family_id: string; user_id: string }, parent_id: string | null = null) {
    const token = { id: uuidv7(), ...family, parent_id, token_hash: randomHash(), issued_at: new Date(T0), expires_at: new Date(T0 + 86_400_000) };
    const issued = await insertRefreshToken(ex, token);
    return { ...token, issued };
  }

  const read = (hash: Buffer) => database().transaction().execute((tx) => lockRefreshToken(tx, hash));

  const disable = (ex: Executor, id: string) => updateUser(ex, id, { name: 'Z', role: 'student', disabled_at: at });

  test('a token is found by its hash, fresh, with its owner, and another one is not', async () => {
    const family = await begin();
    const token = await add(database(), family);
    const found = await read(token.token_hash);
    expect(token.issued).toBe(true);
    expect(found?.user).toEqual(await findUser(database(), family.user_id));
    expect(found).toMatchObject({ childUsed: false, token: { id: token.id, parent_id: null, issued_at: token.issued_at, used_at: null, revoked_at: null } });
    expect(await read(randomHash())).toBeUndefined();
  });

  test('a token that was rotated says when; its parent learns that the child was used', async () => {
    const family = await begin();
    const first = await add(database(), family);
    const second = await add(database(), family, first.id);
    await markUsed(database(), first.id, at);
    expect(await read(first.token_hash)).toMatchObject({ childUsed: false, token: { used_at: at } });
    await markUsed(database(), second.id, at);
    expect(await read(first.token_hash)).toMatchObject({ childUsed: true });
    expect(await read(second.token_hash)).toMatchObject({ childUsed: false });
  });

  test('revoking children leaves their parent, and keeps the time of an earlier revocation', async () => {
    const family = await begin();
    const first = await add(database(), family);
    const second = await add(database(), family, first.id);
    await revokeChildren(database(), first.id, at);
    await revokeChildren(database(), first.id, new Date(T0 + 5000));
    expect((await read(first.token_hash))?.token.revoked_at).toBeNull();
    expect((await read(second.token_hash))?.token.revoked_at).toEqual(at);
    expect(await isFamilyRevoked(database(), family.family_id)).toBe(false);
  });

  test('revoking a family revokes all of it, and no other', async () => {
    const [family, other] = [await begin(), await begin()];
    const first = await add(database(), family);
    const second = await add(database(), family, first.id);
    await add(database(), other);
    await revokeFamily(database(), family.family_id, at);
    expect((await read(first.token_hash))?.token.revoked_at).toEqual(at);
    expect((await read(second.token_hash))?.token.revoked_at).toEqual(at);
    expect(await isFamilyRevoked(database(), family.family_id)).toBe(true);
    expect(await isFamilyRevoked(database(), other.family_id)).toBe(false);
  });

  test('a family that never was counts as revoked', async () => {
    expect(await isFamilyRevoked(database(), uuidv7())).toBe(true);
  });

  test('a family that is revoked while it rotates has no live token after', async () => {
    const family = await begin();
    const first = await add(database(), family);
    let rotating!: () => void;
    const locked = new Promise<void>((resolve) => (rotating = resolve));
    const rotation = database().transaction().execute(async (tx) => {
      await lockRefreshToken(tx, first.token_hash);
      rotating();
      await new Promise((resolve) => setTimeout(resolve, 200));
      await markUsed(tx, first.id, at);
      await add(tx, family, first.id);
    });
    await locked;
    await Promise.all([rotation, revokeFamily(database(), family.family_id, at)]);
    expect(await isFamilyRevoked(database(), family.family_id)).toBe(true);
  });

  test('rotations of one family happen one after the other', async () => {
    const family = await begin();
    const token = await add(database(), family);
    const rotate = () =>
      database().transaction().execute(async (tx) => {
        const found = await lockRefreshToken(tx, token.token_hash);
        if (found!.token.used_at) return 'second';
        await markUsed(tx, token.id, at);
        return 'first';
      });
    const results = await Promise.all(Array.from({ length: 6 }, rotate));
    expect(results.filter((result) => result === 'first')).toHaveLength(1);
  });

  test('nothing is issued to a disabled account, nor to none', async () => {
    const family = await begin();
    await disable(database(), family.user_id);
    expect((await add(database(), family)).issued).toBe(false);
    expect((await add(database(), { family_id: uuidv7(), user_id: uuidv7() })).issued).toBe(false);
    expect(await isFamilyRevoked(database(), family.family_id)).toBe(true);
  });

  test("revoking a user's logins revokes all of them, keeps the time of an earlier revocation, and touches nobody else's", async () => {
    const [one, other] = [await begin(), await begin()];
    const two = { family_id: uuidv7(), user_id: one.user_id };
    const [a, b, c] = [await add(database(), one), await add(database(), two), await add(database(), other)];
    await revokeFamily(database(), two.family_id, at);
    await revokeLoginsOf(database(), one.user_id, new Date(T0 + 5000));
    expect((await read(a.token_hash))?.token.revoked_at).toEqual(new Date(T0 + 5000));
    expect((await read(b.token_hash))?.token.revoked_at).toEqual(at);
    expect((await read(c.token_hash))?.token.revoked_at).toBeNull();
  });

  test('an account that is disabled while it logs in and refreshes has no live login after', async () => {
    for (let round = 0; round < 5; round++) {
      const family = await begin();
      const parent = await add(database(), family);
      const fresh = Array.from({ length: 4 }, () => ({ family_id: uuidv7(), user_id: family.user_id }));
      const rotate = () =>
        database().transaction().execute(async (tx) => {
          const found = await lockRefreshToken(tx, parent.token_hash);
          if (found && !found.token.revoked_at) await add(tx, family, parent.id);
        });
      const disabling = () =>
        database().transaction().execute(async (tx) => {
          await lockUser(tx, family.user_id);
          await revokeLoginsOf(tx, family.user_id, at);
          await disable(tx, family.user_id);
        });
      await Promise.all([...fresh.slice(0, 2).map((login) => add(database(), login)), rotate(), disabling(), rotate(), ...fresh.slice(2).map((login) => add(database(), login))]);
      for (const { family_id } of [family, ...fresh]) expect(await isFamilyRevoked(database(), family_id), `round ${round}`).toBe(true);
    }
  });

  test('what a request depends on is found at once: role, account and login', async () => {
    const family = await begin();
    await add(database(), family);
    const find = () => findLogin(database(), family.user_id, family.family_id);
    expect(await find()).toEqual({ role: 'student', disabled_at: null, live: true });
    await updateUser(database(), family.user_id, { name: 'Z', role: 'proctor', disabled_at: at });
    expect(await find()).toEqual({ role: 'proctor', disabled_at: at, live: true });
    await revokeFamily(database(), family.family_id, at);
    expect(await find()).toEqual({ role: 'proctor', disabled_at: at, live: false });
    expect(await findLogin(database(), family.user_id, uuidv7())).toMatchObject({ live: false });
    expect(await findLogin(database(), uuidv7(), family.family_id)).toBeUndefined();
  });

  test('many logins are found in one question, each in its place', async () => {
    const [one, two] = [await begin(), await begin()];
    for (const family of [one, two]) await add(database(), family);
    await revokeFamily(database(), two.family_id, at);
    const keyOf = (family: typeof one) => ({ userId: family.user_id, familyId: family.family_id });
    expect(await findLogins(database(), [keyOf(two), { userId: uuidv7(), familyId: one.family_id }, keyOf(one), keyOf(two)])).toEqual([
      { role: 'student', disabled_at: null, live: false },
      undefined,
      { role: 'student', disabled_at: null, live: true },
      { role: 'student', disabled_at: null, live: false },
    ]);
    expect(await findLogins(database(), [])).toEqual([]);
  });
}
