import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Db, Executor } from '../../../db/executor.ts';
import {
  endLogin,
  endLoginsOf,
  findLogin,
  findLogins,
  insertLogin,
  readLogin,
  rotateLogin,
} from '../../../db/logins.ts';
import { findUser, lockUser, updateUser } from '../../../db/users.ts';
import { DEFAULT_ORGANISATION } from '../../../protocol/http/organisations.ts';
import { isLoginOver, makeUser, newLogin, T0 } from '../../support/rows.ts';

const at = new Date(T0 + 1000);
const idleUntil = new Date(T0 + 86_400_000);

export function logins(database: () => Db): void {
  async function begin(userId?: string) {
    const login = newLogin(userId ?? (await makeUser(database())).id);
    return { ...login, begun: await insertLogin(database(), login) };
  }

  const over = (id: string) => isLoginOver(database(), id);
  const rotate = (id: string, from: number, ex: Executor = database()) => rotateLogin(ex, id, from, { at, idleUntil });
  const disable = (ex: Executor, id: string) => updateUser(ex, id, { name: 'Z', role: 'student', disabled_at: at });

  test('a new login reads back with its user', async () => {
    const { begun, ...login } = await begin();
    const found = await readLogin(database(), login.id);
    expect(begun).toBe(true);
    expect(found?.user).toEqual(await findUser(database(), login.user_id));
    expect(found?.login).toMatchObject({
      created_at: login.created_at,
      last_used_at: login.created_at,
      ended_at: null,
      generation: 0,
      device: '',
      device_key: null,
      second_factor_at: null,
      mfa_pending: false,
    });
    expect(Buffer.from(found!.login.salt)).toEqual(login.salt);
    expect(await readLogin(database(), uuidv7())).toBeUndefined();
  });

  test('a rotation increments the counter and sets its time, and repeating it does nothing', async () => {
    const { id } = await begin();
    expect([await rotate(id, 0), await rotate(id, 0), await rotate(id, 1)]).toEqual([true, false, true]);
    expect((await readLogin(database(), id))?.login).toMatchObject({
      generation: 2,
      rotated_at: at,
      last_used_at: at,
      idle_until: idleUntil,
    });
  });

  test('of concurrent rotations of one login one succeeds', async () => {
    const { id } = await begin();
    const results = await Promise.all(Array.from({ length: 6 }, () => rotate(id, 0)));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  test('an ended login is not rotated and keeps its end time', async () => {
    const { id } = await begin();
    expect([
      await endLogin(database(), id, at),
      await endLogin(database(), id, new Date(T0 + 5000)),
      await endLogin(database(), uuidv7(), at),
    ]).toEqual([true, false, false]);
    expect(await rotate(id, 0)).toBe(false);
    expect((await readLogin(database(), id))?.login.ended_at).toEqual(at);
  });

  test('a login ended during a rotation stays ended', async () => {
    const { id } = await begin();
    let rotating!: () => void;
    const locked = new Promise<void>((resolve) => (rotating = resolve));
    const rotation = database()
      .transaction()
      .execute(async (tx) => {
        await rotate(id, 0, tx);
        rotating();
        await new Promise((resolve) => setTimeout(resolve, 200));
      });
    await locked;
    await Promise.all([rotation, endLogin(database(), id, at)]);
    expect(await over(id)).toBe(true);
  });

  test('no login is created for a disabled or unknown account', async () => {
    const { id } = await makeUser(database());
    await disable(database(), id);
    for (const user of [id, uuidv7()]) {
      const login = await begin(user);
      expect([login.begun, await over(login.id)]).toEqual([false, true]);
    }
  });

  test('ending the logins of a user returns the ended ones, can keep one, and changes no others', async () => {
    const user = (await makeUser(database())).id;
    const [one, two, kept, other] = [await begin(user), await begin(user), await begin(user), await begin()];
    await endLogin(database(), two.id, at);
    expect(await endLoginsOf(database(), user, new Date(T0 + 5000), kept.id)).toEqual([one.id]);
    expect(await Promise.all([one, two, kept, other].map(({ id }) => over(id)))).toEqual([true, true, false, false]);
    expect((await readLogin(database(), two.id))?.login.ended_at).toEqual(at);
    expect(await endLoginsOf(database(), user, at)).toEqual([kept.id]);
  });

  test('an account disabled during logins and refreshes has no live login afterwards', async () => {
    for (let round = 0; round < 5; round++) {
      const first = await begin();
      const fresh = Array.from({ length: 4 }, () => newLogin(first.user_id));
      const add = (login: (typeof fresh)[number]) => insertLogin(database(), login);
      const disabling = () =>
        database()
          .transaction()
          .execute(async (tx) => {
            await lockUser(tx, first.user_id);
            await endLoginsOf(tx, first.user_id, at);
            await disable(tx, first.user_id);
          });
      await Promise.all([
        ...fresh.slice(0, 2).map(add),
        rotate(first.id, 0),
        disabling(),
        rotate(first.id, 1),
        ...fresh.slice(2).map(add),
      ]);
      for (const { id } of [first, ...fresh]) expect(await over(id), `round ${round}`).toBe(true);
    }
  });

  test('role, account, login and second factor are read in one query', async () => {
    const { id, user_id } = await begin();
    const find = () => findLogin(database(), user_id, id);
    const secondFactor = { secondFactorAt: null, mfaPending: false };
    expect(await find()).toEqual({
      role: 'student',
      organisationId: DEFAULT_ORGANISATION,
      disabled_at: null,
      live: true,
      ...secondFactor,
    });
    await updateUser(database(), user_id, { name: 'Z', role: 'proctor', disabled_at: at });
    await database().updateTable('logins').set({ second_factor_at: at }).where('id', '=', id).execute();
    expect(await find()).toEqual({
      role: 'proctor',
      organisationId: DEFAULT_ORGANISATION,
      disabled_at: at,
      live: true,
      secondFactorAt: at,
      mfaPending: false,
    });
    await endLogin(database(), id, at);
    expect(await find()).toMatchObject({ role: 'proctor', live: false });
    expect(await findLogin(database(), user_id, uuidv7())).toEqual({
      role: 'proctor',
      organisationId: DEFAULT_ORGANISATION,
      disabled_at: at,
      live: false,
      ...secondFactor,
    });
    expect(await findLogin(database(), uuidv7(), id)).toBeUndefined();
  });

  test('the login of another user is not live', async () => {
    const [mine, other] = [await begin(), await begin()];
    expect(await findLogin(database(), mine.user_id, other.id)).toMatchObject({ live: false });
  });

  test('many logins are found in one query, in the order of the input', async () => {
    const [one, two] = [await begin(), await begin()];
    await endLogin(database(), two.id, at);
    const keyOf = (login: typeof one) => ({ userId: login.user_id, loginId: login.id });
    const found = await findLogins(database(), [
      keyOf(two),
      { userId: uuidv7(), loginId: one.id },
      keyOf(one),
      keyOf(two),
    ]);
    expect(found.map((login) => login?.live)).toEqual([false, undefined, true, false]);
    expect(await findLogins(database(), [])).toEqual([]);
  });
}
