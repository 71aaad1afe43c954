import type { Tokens, User } from '../../protocol/http/accounts.ts';
import { tabStorage } from './safe-storage.ts';

const KEY = 'invigil.login';
const LOGOUTS = 'invigil.logouts';

/** A login of this tab and of its duplicates. */
export interface Login {
  /** The server's id of the login. */
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** By this browser's clock, ms; computed from `expiresIn`, so that a wrong clock does no harm. */
  readonly expiresAt: number;
  /** By the server's clock, s: tells which of two token pairs is newer. */
  readonly issuedAt: number;
  readonly user: User;
}

/** Claims of the access token (RFC 7519); the signature is the server's to check. */
function claimsOf(accessToken: string): { readonly sid?: string; readonly iat?: number } {
  try {
    return JSON.parse(atob((accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as {
      sid?: string;
      iat?: number;
    };
  } catch {
    return {};
  }
}

const withClaims = (login: Omit<Login, 'id' | 'issuedAt'>): Login => {
  const { sid = '', iat = 0 } = claimsOf(login.accessToken);
  return { ...login, id: sid, issuedAt: iat };
};

/** From the tab's session storage: a reload keeps the login, closing the tab removes it from this machine. */
export function readLogin(): Login | undefined {
  const text = tabStorage().getItem(KEY);
  return text ? withClaims(JSON.parse(text) as Login) : undefined;
}

export function loginOf({ accessToken, refreshToken, expiresIn, user }: Tokens): Login {
  return withClaims({ accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000, user });
}

export const writeLogin = (login: Login): void => tabStorage().setItem(KEY, JSON.stringify(login));

export const clearLogin = (): void => tabStorage().removeItem(KEY);

/** Refresh tokens of logouts that the server has not acknowledged. */
export const readLogouts = (): string[] => JSON.parse(tabStorage().getItem(LOGOUTS) ?? '[]') as string[];

export function writeLogouts(tokens: readonly string[]): void {
  if (tokens.length === 0) tabStorage().removeItem(LOGOUTS);
  else tabStorage().setItem(LOGOUTS, JSON.stringify(tokens));
}
