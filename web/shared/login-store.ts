import type { Tokens, User } from '../../protocol/http/accounts.ts';
import { tabStorage } from './safe-storage.ts';

const KEY = 'invigil.login';
const LOGOUTS = 'invigil.logouts';
const ADDRESS = 'invigil.address';

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

const isText = (value: unknown) => typeof value === 'string' && value !== '';

const isUser = (value: unknown): value is User =>
  typeof value === 'object' && value !== null && isText((value as User).id) && isText((value as User).email);

/** Whether a response is this server's: captive portals answer every request with 200 and JSON of their own. */
export function isTokens(value: unknown): value is Tokens {
  if (typeof value !== 'object' || value === null) return false;
  const { accessToken, refreshToken, expiresIn, user } = value as Partial<Tokens>;
  return isText(accessToken) && isText(refreshToken) && Number.isFinite(expiresIn) && isUser(user);
}

/** Undefined for anything that is no JSON: site data can be damaged, or be another program's. */
function readItem(key: string): unknown {
  try {
    return JSON.parse(tabStorage().getItem(key) ?? 'null') as unknown;
  } catch {
    return undefined;
  }
}

/** From the tab's session storage: a reload keeps the login, closing the tab removes it from this machine. */
export function readLogin(): Login | undefined {
  const kept = (readItem(KEY) ?? {}) as Login;
  return isTokens({ ...kept, expiresIn: kept.expiresAt }) ? withClaims(kept) : undefined;
}

export function loginOf({ accessToken, refreshToken, expiresIn, user }: Tokens): Login {
  return withClaims({ accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000, user });
}

export const writeLogin = (login: Login): void => tabStorage().setItem(KEY, JSON.stringify(login));

export const clearLogin = (): void => tabStorage().removeItem(KEY);

/** Address for the login form of this tab, after the person has set a password. */
export const rememberAddress = (email: string): void => tabStorage().setItem(ADDRESS, email);
export const rememberedAddress = (): string | undefined => tabStorage().getItem(ADDRESS) ?? undefined;

/** Refresh tokens of logouts that the server has not acknowledged. */
export function readLogouts(): string[] {
  const kept = readItem(LOGOUTS);
  return Array.isArray(kept) ? kept.filter((token) => typeof token === 'string') : [];
}

export function writeLogouts(tokens: readonly string[]): void {
  if (tokens.length === 0) tabStorage().removeItem(LOGOUTS);
  else tabStorage().setItem(LOGOUTS, JSON.stringify(tokens));
}
