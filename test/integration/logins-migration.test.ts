import { createHash, randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import * as logins from '../../db/migrations/0009-logins.ts';
import { LoginSite } from '../support/login-site.ts';
import { T0 } from '../support/rows.ts';

const hashOf = (token: string) => createHash('sha256').update(token).digest();
const newToken = () => randomBytes(32).toString('base64url');

test('migrated logins continue with their current tokens, end on a reused token, and stay ended if they were', async () => {
  const site = await LoginSite.open('pglite');
  try {
    const { db } = site.database;
    // As migration 0001 made it.
    await sql`DROP TABLE earlier_refresh_tokens, logins CASCADE`.execute(db);
    await sql`CREATE TABLE refresh_tokens (id uuid PRIMARY KEY, family_id uuid NOT NULL, user_id uuid NOT NULL REFERENCES users, parent_id uuid, token_hash bytea NOT NULL UNIQUE,
      issued_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, used_at timestamptz, revoked_at timestamptz)`.execute(
      db,
    );
    const user = await site.user('correct horse');
    const issued = new Date(T0 - 1000);
    const expires = new Date(T0 + 86_400_000);
    const row = (family: string, token: string, used: boolean, revoked = false) =>
      sql`INSERT INTO refresh_tokens VALUES (${uuidv7()}, ${family}, ${user.id}, NULL, ${hashOf(token)}, ${issued}, ${expires}, ${used ? issued : null}, ${revoked ? issued : null})`.execute(
        db,
      );
    const [one, two, over] = [uuidv7(), uuidv7(), uuidv7()];
    const [first, newest, stolen, kept, dead] = [newToken(), newToken(), newToken(), newToken(), newToken()];
    await row(one, first, true);
    await row(one, newest, false);
    await row(two, stolen, true);
    await row(two, kept, false);
    await row(over, dead, false, true);
    await logins.up(db as unknown as Kysely<unknown>);

    const renewed = await site.logins.refresh(newest);
    expect((await site.logins.refresh(newest)).refreshToken).toBe(renewed.refreshToken);
    await expect(site.logins.refresh(renewed.refreshToken)).resolves.toMatchObject({ user: { id: user.id } });
    await expect(site.logins.refresh(stolen)).rejects.toMatchObject({ code: 'refresh_reused' });
    await expect(site.logins.refresh(kept)).rejects.toMatchObject({ code: 'refresh_reused' });
    await expect(site.logins.refresh(dead)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(site.ended).toEqual([two]);
  } finally {
    await site.close();
  }
});
