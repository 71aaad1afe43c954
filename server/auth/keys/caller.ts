import type { ApiKeyScope } from '../../../protocol/http/api-keys.ts';
import type { Principal } from '../logins/tokens.ts';

/** Server that authenticated with an API key; it acts for no person. */
export interface KeyCaller {
  readonly keyId: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly expiresAt: Date | null;
}

/** Authenticated sender of a request. */
export type Caller = Principal | KeyCaller;

export const isKey = (caller: Caller): caller is KeyCaller => 'keyId' in caller;

/** Id that the audit log names. */
export const actorOf = (caller: Caller): string => (isKey(caller) ? caller.keyId : caller.userId);
