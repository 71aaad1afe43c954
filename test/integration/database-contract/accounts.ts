import { randomBytes } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { saltedDigest } from '../../../db/audit/hash.ts';
import { listUsers, type UserFilter } from '../../../db/list-users.ts';
import type { Db } from '../../../db/executor.ts';
import { deleteNameChangesOf, listNameChanges } from '../../../db/name-changes.ts';
import { deleteExpiredTickets, markTicketUsed } from '../../../db/used-tickets.ts';
import {
  findUser,
  findUserByEmail,
  hasAdmin,
  insertUser,
  lockUser,
  updateUser,
  type UserRow,
} from '../../../db/users.ts';
import { recordNames } from '../../../server/auth/accounts/name-changes.ts';
import { makeUser, T0 } from '../../support/rows.ts';

export function accounts(database: () => Db): void {
  test('a user is found by id and by address, as written', async () => {
    const user = await makeUser(database(), 'proctor', { name: 'Łukasz "漢" O\'Neil' });
    expect(user).toMatchObject({ role: 'proctor', name: 'Łukasz "漢" O\'Neil', disabled_at: null });
    expect(user.created_at).toBeInstanceOf(Date);
    expect(await findUser(database(), user.id)).toEqual(user);
    expect(await findUserByEmail(database(), user.email)).toEqual(user);
    expect(await findUserByEmail(database(), 'nobody@example.org')).toBeUndefined();
  });

  test('a changed name is kept until it is deleted, and the log commits to both names by a salted digest', async () => {
    const [one, other, admin] = [
      await makeUser(database()),
      await makeUser(database()),
      await makeUser(database(), 'admin'),
    ];
    const by = { by: admin.id, at: new Date(T0) };
    const renamed = { before: { id: one.id, name: 'Zoë' }, after: { id: one.id, name: 'Zoë "漢" Li' } };
    const names = await recordNames(database(), [renamed, { before: other, after: other }], by);
    const [row, ...more] = await listNameChanges(database(), one.id, 50);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ old_name: 'Zoë', new_name: 'Zoë "漢" Li', changed_by: admin.id, by_name: admin.name });
    const digest = saltedDigest('names', row!.salt, JSON.stringify(['Zoë', 'Zoë "漢" Li']));
    expect([...names]).toEqual([[one.id, { nameChangeId: row!.id, namesDigest: digest.toString('base64url') }]]);
    await deleteNameChangesOf(database(), one.id);
    expect(await listNameChanges(database(), one.id, 50)).toEqual([]);
  });

  test('a taken address is refused, and its user is unchanged', async () => {
    const first = await makeUser(database());
    const second = { id: uuidv7(), email: first.email, name: 'Other', role: 'admin', password_hash: 'x' } as const;
    expect(await insertUser(database(), second)).toBeUndefined();
    expect(await findUserByEmail(database(), first.email)).toEqual(first);
  });

  test('of concurrent registrations of one address one succeeds', async () => {
    const email = `${uuidv7()}@example.org`;
    const made = await Promise.all(
      Array.from({ length: 8 }, () =>
        insertUser(database(), { id: uuidv7(), email, name: 'N', role: 'student', password_hash: 'x' }),
      ),
    );
    expect(made.filter((user) => user !== undefined)).toHaveLength(1);
  });

  test('a disabled admin does not count as one', async () => {
    await database()
      .updateTable('users')
      .set({ disabled_at: new Date(T0) })
      .where('role', '=', 'admin')
      .execute();
    const admin = await makeUser(database(), 'admin');
    expect(await hasAdmin(database())).toBe(true);
    await database()
      .updateTable('users')
      .set({ disabled_at: new Date(T0) })
      .where('id', '=', admin.id)
      .execute();
    expect(await hasAdmin(database())).toBe(false);
  });

  describe('a list of users', () => {
    const first = { cursor: undefined, limit: 200 };
    const idsOf = async (filter: Partial<UserFilter>) =>
      (await listUsers(database(), { ...first, ...filter })).map((user) => user.id);

    test('is newest first and continues after the cursor', async () => {
      const [a, b, c] = [await makeUser(database()), await makeUser(database()), await makeUser(database())];
      expect(await idsOf({ limit: 2 })).toEqual([c.id, b.id]);
      expect(await idsOf({ cursor: c.id, limit: 2 })).toEqual([b.id, a.id]);
    });

    test('is filtered by role and by disabled state', async () => {
      const [student, proctor] = [await makeUser(database()), await makeUser(database(), 'proctor')];
      await database()
        .updateTable('users')
        .set({ disabled_at: new Date(T0) })
        .where('id', '=', student.id)
        .execute();
      expect(
        (await listUsers(database(), { ...first, role: 'proctor' })).every((user) => user.role === 'proctor'),
      ).toBe(true);
      expect((await idsOf({ role: 'proctor' }))[0]).toBe(proctor.id);
      expect(await idsOf({ disabled: true })).toContain(student.id);
      expect(await idsOf({ disabled: true })).not.toContain(proctor.id);
      expect(await idsOf({ disabled: false })).toContain(proctor.id);
      expect(await idsOf({ disabled: false })).not.toContain(student.id);
    });

    test('is filtered by any part of name, address, number or external id, with wildcards taken literally', async () => {
      const key = uuidv7();
      const one = await makeUser(database(), 'student', { email: `q-${key}@example.org`, name: `Anna ${key}` });
      const two = await makeUser(database(), 'student', { email: `r-${key}@example.org`, name: `50%_${key}` });
      expect(await idsOf({ search: `Q-${key.toUpperCase()}` })).toEqual([one.id]);
      expect(await idsOf({ search: `aNNA ${key}` })).toEqual([one.id]);
      expect(await idsOf({ search: `${key} nn` })).toEqual([one.id]);
      expect(await idsOf({ search: `50%_${key}` })).toEqual([two.id]);
      expect(await idsOf({ search: `%${key}` })).toEqual([]);
      expect(await idsOf({ search: `__${key}` })).toEqual([]);
      expect(await idsOf({ search: key })).toEqual([two.id, one.id]);
      expect(await idsOf({ search: key.slice(3, -3) })).toEqual([two.id, one.id]);
    });

    test.each([
      ['garcia', 'García'],
      ['GARCÍA', 'Garcia'],
      ['strasse', 'Straße'],
      ['STRAẞE', 'strasse'],
      ['lukasz', 'Łukasz'],
      ['soren', 'Søren'],
      ['istanbul', 'İSTANBUL'],
      ['οδος', 'ΟΔΟΣ'],
      ['ａｄａ', 'Ada'],
      ["o'brien", 'O’Brien'],
      ['花', '山田花子'],
      ['ij', 'Đĳk'],
    ])('finds %s in %s, among the newest and among the rest', async (search, name) => {
      const key = `z${randomBytes(4).toString('hex')}`;
      const found = await makeUser(database(), 'student', { email: `${key}@example.org`, name });
      await makeUser(database());
      expect(await idsOf({ search: `${search} ${key}` })).toEqual([found.id]);
      expect(await listUsers(database(), { search: `${search} ${key}`, limit: 2, newest: 1 })).toMatchObject([
        { id: found.id },
      ]);
    });

    test('is searched by an index beyond the newest, in the same order, by pages', async () => {
      const key = `z${randomBytes(4).toString('hex')}`;
      const made: string[] = [];
      for (let n = 0; n < 7; n++)
        made.unshift((await makeUser(database(), n % 2 ? 'proctor' : 'student', { email: `${key}-${n}@x.org` })).id);
      for (const newest of [1, 3, 100]) {
        const pages: string[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await listUsers(database(), { search: key, limit: 2, cursor, newest });
          pages.push(...page.map(({ id }) => id));
          if (page.length < 2) break;
          cursor = page.at(-1)!.id;
        }
        expect(pages, `newest: ${newest}`).toEqual(made);
        const proctors = await listUsers(database(), { search: key, limit: 9, role: 'proctor', newest });
        expect(proctors.map(({ id }) => id)).toEqual(made.filter((_, at) => at % 2));
      }
    });

    test('follows a changed name and number', async () => {
      const key = `z${randomBytes(4).toString('hex')}`;
      const user = await makeUser(database());
      const { role, disabled_at } = user;
      await updateUser(database(), user.id, { name: `New ${key}`, role, disabled_at, student_number: `n${key}` });
      expect(await idsOf({ search: `new ${key}` })).toEqual([user.id]);
      expect(await idsOf({ search: `n${key}` })).toEqual([user.id]);
      await updateUser(database(), user.id, { name: 'Other', role, disabled_at, student_number: null });
      expect(await idsOf({ search: key })).toEqual([]);
    });
  });

  describe('changing a user', () => {
    const onlyAdmins = async (count: number) => {
      await database()
        .updateTable('users')
        .set({ disabled_at: new Date(T0) })
        .where('role', '=', 'admin')
        .execute();
      return Promise.all(Array.from({ length: count }, () => makeUser(database(), 'admin')));
    };
    const asStudent = ({ name, disabled_at }: UserRow) => ({ name, disabled_at, role: 'student' }) as const;

    test('writes the given fields of that user only', async () => {
      const [user, other] = [await makeUser(database()), await makeUser(database())];
      const changed = await updateUser(database(), user.id, {
        name: 'Renamed',
        role: 'proctor',
        disabled_at: new Date(T0),
      });
      expect(changed).toMatchObject({ id: user.id, name: 'Renamed', role: 'proctor', disabled_at: new Date(T0) });
      expect(changed.email).toBe(user.email);
      expect(await findUser(database(), user.id)).toEqual(changed);
      expect(await findUser(database(), other.id)).toEqual(other);
    });

    test('returns the number of other admins, without disabled ones', async () => {
      const [admin, another] = await onlyAdmins(2);
      const student = await makeUser(database());
      const lock = (id: string) =>
        database()
          .transaction()
          .execute((tx) => lockUser(tx, id));
      expect(await lock(admin!.id)).toEqual({ user: admin, otherAdmins: 1 });
      expect(await lock(student.id)).toEqual({ user: student, otherAdmins: 2 });
      await updateUser(database(), another!.id, { name: 'Z', role: 'admin', disabled_at: new Date(T0) });
      expect(await lock(admin!.id)).toEqual({ user: admin, otherAdmins: 0 });
      expect(await lock(uuidv7())).toBeUndefined();
    });

    test('demoting all admins concurrently, each counting the others, leaves one', async () => {
      const admins = await onlyAdmins(5);
      const demote = (id: string) =>
        database()
          .transaction()
          .execute(async (tx) => {
            const locked = await lockUser(tx, id);
            if (locked!.otherAdmins > 0) await updateUser(tx, id, asStudent(locked!.user));
          });
      await Promise.all(admins.map(({ id }) => demote(id)));
      const left = await listUsers(database(), { cursor: undefined, limit: 200, role: 'admin', disabled: false });
      expect(left).toHaveLength(1);
    });
  });

  test('a ticket is used once (C3)', async () => {
    const id = randomUUID();
    expect(await markTicketUsed(database(), id, new Date(T0))).toBe(true);
    expect(await markTicketUsed(database(), id, new Date(T0))).toBe(false);
  });

  test('of concurrent uses of a ticket one succeeds (C3)', async () => {
    const id = randomUUID();
    const used = await Promise.all(Array.from({ length: 10 }, () => markTicketUsed(database(), id, new Date(T0))));
    expect(used.filter(Boolean)).toHaveLength(1);
  });

  test('sweeping deletes expired tickets only', async () => {
    const [old, fresh] = [randomUUID(), randomUUID()];
    await markTicketUsed(database(), old, new Date(T0 + 30_000));
    await markTicketUsed(database(), fresh, new Date(T0 + 30_001));
    await deleteExpiredTickets(database(), new Date(T0 + 30_000));
    expect(await markTicketUsed(database(), old, new Date(T0))).toBe(true);
    expect(await markTicketUsed(database(), fresh, new Date(T0))).toBe(false);
  });
}
