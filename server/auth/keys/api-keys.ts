import { createHash, timingSafeEqual } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import {
  type ApiKeyRow,
  changeApiKey,
  findApiKey,
  insertApiKey,
  listApiKeys,
  markApiKeyUsed,
  revokeApiKey,
} from '../../../db/api-keys.ts';
import type { Db } from '../../../db/executor.ts';
import { badField, ProtocolError } from '../../../protocol/errors.ts';
import type { ApiKeyScope, ChangeApiKeyBody, CreateApiKeyBody } from '../../../protocol/http/api-keys.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import type { Clock } from '../../clock.ts';
import type { Revocations } from '../logins/revocations.ts';
import type { KeyCaller } from './caller.ts';
import { decodeKey, encodeKey, newSecret } from './key-text.ts';

export interface ApiKeyParts {
  readonly revocations: Revocations;
  readonly security: Pick<SecurityLog, 'record'>;
  readonly clock: Clock;
}

/** The admin behind a change. */
export interface KeyAdmin {
  readonly userId: string;
  readonly address: string;
}

const DAY_MS = 86_400_000;
/** Verified keys in memory, by digest. */
const REMEMBERED = 1000;

const digestOf = (secret: Uint8Array): Buffer => createHash('sha256').update(secret).digest();
const notFound = () => new ProtocolError('not_found', 'API key not found');
/** One message for all reasons. */
const refused = (target?: string) =>
  new ProtocolError('unauthenticated', 'API key is invalid, expired or revoked', {
    refusal: { kind: 'key_refused', target },
  });

/** Whether a key is valid at `now` and has the scope. */
export const isLive = (row: ApiKeyRow, scope: ApiKeyScope, now: number): boolean =>
  row.revoked_at === null && (row.expires_at === null || now < row.expires_at.getTime()) && row.scopes.includes(scope);

/** Creates, lists, revokes and verifies API keys. */
export class ApiKeys {
  readonly #db: Db;
  readonly #parts: ApiKeyParts;
  /** Ids of verified keys by digest, so that a request takes the turn of its key before the database is asked. */
  readonly #known = new Map<string, string>();

  constructor(db: Db, parts: ApiKeyParts) {
    this.#db = db;
    this.#parts = parts;
  }

  /** @returns the row, and the key itself, which is not stored. @throws ProtocolError `bad_request` */
  async create(
    { name, scopes, expiresAt }: CreateApiKeyBody,
    by: KeyAdmin,
  ): Promise<{ readonly row: ApiKeyRow; readonly key: string }> {
    const id = uuidv7();
    const secret = newSecret();
    const row = await insertApiKey(this.#db, {
      id,
      name,
      digest: digestOf(secret),
      scopes,
      created_at: new Date(this.#parts.clock()),
      created_by: by.userId,
      expires_at: this.#future(expiresAt),
    });
    this.#record('key_created', id, by);
    return { row, key: encodeKey({ id, secret }) };
  }

  list(page: { readonly cursor: string | undefined; readonly limit: number }): Promise<ApiKeyRow[]> {
    return listApiKeys(this.#db, page);
  }

  /** @throws ProtocolError `not_found`, also for a revoked key, or `bad_request` */
  async change(id: string, { name, expiresAt }: ChangeApiKeyBody, by: KeyAdmin): Promise<ApiKeyRow> {
    const row = await changeApiKey(this.#db, id, {
      ...(name !== undefined && { name }),
      ...(expiresAt !== undefined && { expires_at: this.#future(expiresAt) }),
    });
    if (!row) throw notFound();
    this.#record('key_changed', id, by);
    // Open sockets were bounded by the earlier expiry: they reconnect under the new one.
    if (expiresAt !== undefined) this.#parts.revocations.loginEnded(id);
    return row;
  }

  /** Closes its sockets, too. Idempotent. @throws ProtocolError `not_found` */
  async revoke(id: string, by: KeyAdmin): Promise<void> {
    const revoked = await revokeApiKey(this.#db, id, by.userId, new Date(this.#parts.clock()));
    if (!revoked && !(await findApiKey(this.#db, id))) throw notFound();
    this.#parts.revocations.loginEnded(id);
    if (revoked) this.#record('key_revoked', id, by);
  }

  /** Id of a key that was verified before; undefined for others. Asks no database. */
  known(token: string): string | undefined {
    const parts = decodeKey(token);
    const id = parts && this.#known.get(digestOf(parts.secret).toString('base64'));
    return id === parts?.id ? id : undefined;
  }

  /**
   * Looked up for each request, so that revocation takes effect at once.
   * @throws ProtocolError `unauthenticated`
   */
  async authenticate(token: string): Promise<KeyCaller> {
    const parts = decodeKey(token);
    if (!parts) throw refused();
    const row = await findApiKey(this.#db, parts.id);
    const digest = digestOf(parts.secret);
    const now = this.#parts.clock();
    if (!row || !timingSafeEqual(digest, row.digest)) throw refused(row?.id);
    if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at.getTime() <= now)) throw refused(row.id);
    this.#remember(digest.toString('base64'), row.id);
    const day = now - (now % DAY_MS);
    if ((row.last_used_day?.getTime() ?? 0) < day) await markApiKeyUsed(this.#db, row.id, new Date(day));
    return { keyId: row.id, scopes: row.scopes, expiresAt: row.expires_at };
  }

  #remember(digest: string, id: string): void {
    this.#known.set(digest, id);
    const [eldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && eldest !== undefined) this.#known.delete(eldest);
  }

  #future(expiresAt: string | null): Date | null {
    if (expiresAt === null) return null;
    const at = new Date(expiresAt);
    if (at.getTime() > this.#parts.clock()) return at;
    throw badField('body.expiresAt', 'must be in the future');
  }

  #record(kind: 'key_created' | 'key_changed' | 'key_revoked', id: string, { userId, address }: KeyAdmin): void {
    this.#parts.security.record({ kind, actor: userId, target: id, address, staff: true });
  }
}
