import type { Tokens, User } from '../../protocol/http/accounts.ts';

const KEY = 'invigil.login';

/** A login of this tab. */
export interface Login {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** By this browser's clock, ms; from `expiresIn`, so that a wrong clock does no harm. */
  readonly expiresAt: number;
  readonly user: User;
}

/** In the tab's session storage: a reload keeps the login, closing the tab ends it on this machine. */
export function readLogin(): Login | undefined {
  const text = sessionStorage.getItem(KEY);
  return text ? (JSON.parse(text) as Login) : undefined;
}

export function writeLogin({ accessToken, refreshToken, expiresIn, user }: Tokens): Login {
  const login = { accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000, user };
  sessionStorage.setItem(KEY, JSON.stringify(login));
  return login;
}

export const clearLogin = (): void => sessionStorage.removeItem(KEY);
