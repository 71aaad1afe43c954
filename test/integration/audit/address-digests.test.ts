import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listAddressKeys } from '../../../db/address-keys.ts';
import { migrate } from '../../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../../db/open.ts';
import { createDatabase, type TestDatabase } from '../../support/databases.ts';
import { AddressDigests } from '../../../server/audit/security/address-digests.ts';

const DAY = 24 * 3600 * 1000;
const START = Date.parse('2026-03-01T12:00:00Z');
let files: TestDatabase;
let database: OpenDatabase;
let now = START;

beforeAll(async () => {
  files = await createDatabase('pglite');
  database = await openDatabase({ url: files.url, dataDir: files.dataDir, onError: () => {} });
  await migrate(database.db);
});
afterAll(async () => {
  await database.close();
  await files.remove();
});
beforeEach(async () => {
  now = START;
  await database.db.deleteFrom('address_keys').execute();
});

const open = (days = 30, secret = Buffer.alloc(32, 7)) =>
  new AddressDigests(database.db, { secret, days, clock: () => now });

test('digests are equal for one network and day across restarts, and differ by network, day and secret', async () => {
  const first = await open().of('203.0.113.7', now);
  expect(first).toEqual({ day: '2026-03-01', digest: expect.stringMatching(/^[\w-]{16}$/) });
  expect(await open().of('203.0.113.7', now)).toEqual(first);
  expect(await open().of('203.0.113.8', now)).not.toEqual(first);
  expect((await open(30, Buffer.alloc(32, 8)).of('203.0.113.7', now))!.digest).not.toBe(first!.digest);
  expect((await open().of('203.0.113.7', now + DAY))!.digest).not.toBe(first!.digest);
});

test('an address is found on each day whose key is stored, newest first', async () => {
  const digests = open();
  const written = [await digests.of('203.0.113.7', now), await digests.of('203.0.113.7', now + DAY)];
  now += DAY;
  expect(await digests.everyDay('203.0.113.7')).toEqual(written.toReversed());
});

test('an IPv6 address is found by any other of its /64', async () => {
  const digests = open();
  const written = await digests.of('2001:0db8:0001:0002::/64', now);
  expect(await digests.everyDay('2001:0db8:0001:0002:aaaa:bbbb:cccc:dddd')).toEqual([written]);
});

test('a key past its retention is destroyed, also in the memory of a running server, and its digests cannot be matched', async () => {
  const digests = open(30);
  const written = await digests.of('203.0.113.7', now);
  now = START + 30 * DAY;
  expect(await digests.expire()).toBe(0);
  expect(await digests.everyDay('203.0.113.7')).toContainEqual(written);
  now = START + 31 * DAY;
  expect(await digests.expire()).toBe(1);
  expect(await listAddressKeys(database.db)).toEqual([]);
  expect(await digests.everyDay('203.0.113.7')).toEqual([]);
  expect(await digests.of('203.0.113.7', START)).toBeUndefined();
  expect(await listAddressKeys(database.db)).toEqual([]);
});

test('with a retention of 0 days no address is recorded, no key is made and existing keys are deleted', async () => {
  await open(30).of('203.0.113.7', now);
  const none = open(0);
  expect(await none.of('203.0.113.7', now)).toBeUndefined();
  expect(await none.everyDay('203.0.113.7')).toEqual([]);
  expect(await none.expire()).toBe(1);
  expect(await listAddressKeys(database.db)).toEqual([]);
});

test('the stored part of a key alone does not reveal addresses', async () => {
  const written = await open().of('203.0.113.7', now);
  const [{ secret } = { secret: Buffer.alloc(0) }] = await listAddressKeys(database.db);
  const guess = new AddressDigests(database.db, { secret, days: 30, clock: () => now });
  expect(await guess.everyDay('203.0.113.7')).not.toEqual([written]);
});
