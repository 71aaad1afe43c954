import type { Tokens, User } from '../../protocol/http/accounts.ts';

const KEY = 'invigil.login';
const LOGOUTS = 'invigil.logouts';

/** A login of this tab, and of those that were duplicated from it. */
export interface Login {
  /** The server's id of it. */
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** By this browser's clock, ms; from `expiresIn`, so that a wrong clock does no harm. */
  readonly expiresAt: number;
  /** By the server's clock, s: which of two are the newer tokens. */
  readonly issuedAt: number;
  readonly user: User;
}

/** What the server says of the token in it (RFC 7519); it is signed for the server, and not for us. */
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

/** In the tab's session storage: a reload keeps the login, closing the tab ends it on this machine. */
export function readLogin(): Login | undefined {
  const text = sessionStorage.getItem(KEY);
  return text ? withClaims(JSON.parse(text) as Login) : undefined;
}

export function loginOf({ accessToken, refreshToken, expiresIn, user }: Tokens): Login {
  return withClaims({ accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000, user });
}

export const writeLogin = (login: Login): void => sessionStorage.setItem(KEY, JSON.stringify(login));

export const clearLogin = (): void => sessionStorage.removeItem(KEY);

/** Refresh tokens of logins that the server has not heard the end of. */
export const readLogouts = (): string[] => JSON.parse(sessionStorage.getItem(LOGOUTS) ?? '[]') as string[];

export function writeLogouts(tokens: readonly string[]): void {
  if (tokens.length === 0) sessionStorage.removeItem(LOGOUTS);
  else sessionStorage.setItem(LOGOUTS, JSON.stringify(tokens));
}
