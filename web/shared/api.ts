import type { Tokens, User } from '../../protocol/http/accounts.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { ApiError } from './api-error.ts';
import { clearLogin, isTokens, type Login, loginOf, readLogin, writeLogin } from './login-store.ts';
import { LoginTabs } from './login-tabs.ts';
import { Logouts } from './logouts.ts';
import { common } from './messages/common.ts';
import { at } from './base-path.ts';

const TIMEOUT_MS = 15_000;
/** Of files: they are sent over slow lines, and read as a whole. */
const FILE_TIMEOUT_MS = 180_000;
/** Tokens with less time left than this are renewed before a request, seconds. */
const MARGIN_S = 30;
/** A socket lives as long as its ticket's token, and the server asks for a new ticket 60 s before (rule C8). */
const TICKET_MARGIN_S = 180;
/** The account page. */
const ACCOUNT = at('/account');

/** The server's HTTP API with this tab's login. */
export class Api {
  #login: Login | undefined = readLogin();
  #renewal: Promise<Login> | undefined;
  #stepUp: (() => Promise<boolean>) | undefined;
  #stepUpRunning: Promise<boolean> | undefined;
  #logInAgain: ((user: User) => Promise<boolean>) | undefined;
  #logInRunning: Promise<boolean> | undefined;
  /** Whose login the server has ended, while the page asks for another one. */
  #expired: User | undefined;
  #listeners = new Set<(user: User | undefined) => void>();
  readonly #tabs = new LoginTabs({
    renewed: (login) => this.#set(login),
    // Logging out in one tab ends every login of the same person in this browser.
    ended: () => void this.#end(),
    current: () => this.#login,
  });
  readonly #logouts = new Logouts((refreshToken) =>
    send('POST', '/api/auth/logout', { refreshToken }, { keepalive: true }),
  );

  get user(): User | undefined {
    return this.#login?.user ?? this.#expired;
  }

  /** For pages of staff: takes over the login of another tab of this browser. Resolves at once if this tab has one. */
  async join(): Promise<void> {
    const login = this.#login ?? (await this.#tabs.join());
    if (login && !this.#login) this.#set(login);
  }

  /** Called on every login and logout. @returns removes the listener */
  onUser(listener: (user: User | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * @param ask prompts for a second factor after a `step_up_required` refusal; resolves to true when it was proven, and
   *   the refused request is sent again
   * @returns removes the prompt
   */
  onStepUp(ask: () => Promise<boolean>): () => void {
    this.#stepUp = ask;
    return () => void (this.#stepUp = undefined);
  }

  /**
   * @param ask prompts for a login in place of one that the server has ended; the page stays as it is. Resolves to true
   *   after a login, and the refused request is sent again if it is the same person's
   * @returns removes the prompt
   */
  onExpired(ask: (user: User) => Promise<boolean>): () => void {
    this.#logInAgain = ask;
    return () => void (this.#logInAgain = undefined);
  }

  /** @param path `/api/auth/login`, `/api/auth/second-factor`, `/api/auth/register` or `/api/setup` */
  async signIn(path: string, body: Readonly<Record<string, unknown>>): Promise<User> {
    const tokens = await send('POST', path, body, { read: readTokens });
    this.#set(loginOf(tokens));
    return tokens.user;
  }

  /** Logs out in all tabs of this browser at once; resolves when the server has acknowledged, retrying until then. */
  signOut(): Promise<void> {
    if (this.#login) this.#tabs.tellEnded(this.#login.user.id);
    return this.#end();
  }

  async #end(): Promise<void> {
    const login = this.#login;
    this.#set(undefined);
    // Sent with the refresh token alone: the access token expires after 15 minutes.
    if (login) await this.#logouts.add(login.refreshToken);
  }

  get<T>(path: string): Promise<T> {
    return this.#request('GET', path);
  }

  /** @param key with the same one, a repeated request takes effect once */
  post<T>(path: string, body?: unknown, key?: string): Promise<T> {
    return this.#request('POST', path, { body, key });
  }

  /** Binary content that needs the login, for example an image: an `<img>` cannot send the token. */
  blob(path: string): Promise<Blob> {
    return this.#request('GET', path, { read: readBlob });
  }

  /** A file, which can take the server minutes to write. */
  download(path: string): Promise<Blob> {
    return this.#request('GET', path, { read: readBlob, timeoutMs: FILE_TIMEOUT_MS });
  }

  /** Sends a form with files. @param alsoReads status that answers as a success does, such as with a report of faults */
  upload<T>(path: string, form: FormData, alsoReads?: number): Promise<T> {
    return this.#request('POST', path, { body: form, timeoutMs: FILE_TIMEOUT_MS, alsoReads });
  }

  /** Sends a form with files; the answer is a file, too. */
  uploadForFile(path: string, form: FormData): Promise<Blob> {
    return this.#request('POST', path, { body: form, read: readBlob, timeoutMs: FILE_TIMEOUT_MS });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#request('PUT', path, { body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#request('PATCH', path, { body });
  }

  delete<T>(path: string): Promise<T> {
    return this.#request('DELETE', path);
  }

  /** Changes the user's own name; pages of this tab show it at once. */
  async changeName(name: string): Promise<void> {
    const user = await this.patch<User>('/api/auth/me', { name });
    if (this.#login?.user.id !== user.id) return;
    this.#login = { ...this.#login, user };
    writeLogin(this.#login);
    for (const listener of this.#listeners) listener(user);
  }

  ticket(path: string): Promise<Ticket> {
    return this.#request('POST', path, { marginS: TICKET_MARGIN_S });
  }

  async #request<T>(method: string, path: string, request: Request<T> = {}): Promise<T> {
    const attempt = () => this.#attempt(method, path, request);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // No other page works until the second factor is set up on the account page.
      if (error.code === 'second_factor_setup_required' && location.pathname !== ACCOUNT) location.assign(ACCOUNT);
      if (error.code === 'unauthenticated' && (await this.#logInOnce())) return attempt();
      if (error.code !== 'step_up_required' || !(await this.#stepUpOnce())) throw error;
      return attempt();
    }
  }

  /** One prompt at a time, shared by all requests that were refused meanwhile. */
  #stepUpOnce(): Promise<boolean> {
    this.#stepUpRunning ??= (this.#stepUp?.() ?? Promise.resolve(false)).finally(() => {
      this.#stepUpRunning = undefined;
    });
    return this.#stepUpRunning;
  }

  /** One prompt at a time. @returns whether the person who was logged in is so again */
  #logInOnce(): Promise<boolean> {
    const user = this.#expired;
    if (!user) return Promise.resolve(false);
    this.#logInRunning ??= (this.#logInAgain?.(user) ?? Promise.resolve(false))
      .then((again) => {
        if (!again) this.#set(undefined);
        return this.#login?.user.id === user.id;
      })
      .finally(() => {
        this.#logInRunning = undefined;
      });
    return this.#logInRunning;
  }

  async #attempt<T>(method: string, path: string, request: Request<T>): Promise<T> {
    const { body, marginS = MARGIN_S, ...sending } = request;
    const login = await this.#fresh(marginS);
    try {
      return await send<T>(method, path, body, { ...sending, token: login.accessToken });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || error.code === 'unavailable') throw error;
      // The server may see the token as expired before this clock does: renew once, then give up.
      const renewed = this.#login === login ? await this.#renew(login) : await this.#fresh(0);
      return send<T>(method, path, body, { ...sending, token: renewed.accessToken });
    }
  }

  async #fresh(marginS: number): Promise<Login> {
    const login = this.#login;
    if (!login) throw new ApiError(401, 'unauthenticated', common.loginRequired);
    return login.expiresAt - Date.now() > marginS * 1000 ? login : this.#renew(login);
  }

  /** One renewal at a time: a refresh token used twice counts as stolen. */
  #renew(login: Login): Promise<Login> {
    this.#renewal ??= this.#exchange(login).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** One tab renews at a time; the other tabs of the login receive its tokens. */
  #exchange(login: Login): Promise<Login> {
    return this.#tabs.alone(login.id, async () => {
      await this.#tabs.ask(login);
      // Another tab has renewed it.
      if (this.#login !== login) return this.#login ?? this.#ended();
      return this.#renewAlone(login);
    });
  }

  async #renewAlone(before: Login): Promise<Login> {
    try {
      const { refreshToken } = before;
      const login = loginOf(await send('POST', '/api/auth/refresh', { refreshToken }, { read: readTokens }));
      // Logged out in the meantime.
      if (this.#login !== before) return this.#login ?? this.#ended();
      this.#set(login);
      this.#tabs.tellRenewed(login);
      return login;
    } catch (error) {
      // In browsers without locks another tab may have just renewed it: take its tokens.
      if (error instanceof ApiError && error.code === 'refresh_raced') await this.#tabs.ask(before);
      if (this.#login && this.#login !== before) return this.#login;
      if (error instanceof ApiError && !error.retryable) {
        if (this.#logInAgain) this.#expire(before);
        else this.#set(undefined);
        return this.#ended(error);
      }
      throw error;
    }
  }

  #ended(cause?: unknown): never {
    throw new ApiError(401, 'unauthenticated', common.loginExpired, {}, cause);
  }

  /** The page is not told: it asks. */
  #expire({ user }: Login): void {
    this.#expired = user;
    this.#login = undefined;
    clearLogin();
  }

  #set(login: Login | undefined): void {
    const before = this.user?.id;
    this.#expired = undefined;
    this.#login = login;
    if (login) writeLogin(login);
    else clearLogin();
    if (login?.user.id !== before) for (const listener of this.#listeners) listener(login?.user);
  }
}

type Reader<T> = (response: Response) => Promise<T>;

const readJson = async <T>(response: Response): Promise<T> => {
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (cause) {
    // Cut off, or the page of another server.
    throw new ApiError(0, 'unavailable', common.serverUnreachable, {}, cause);
  }
};

const readBlob: Reader<Blob> = (response) => response.blob();

const readTokens: Reader<Tokens> = async (response) => {
  const tokens = await readJson<unknown>(response);
  if (!isTokens(tokens)) throw new ApiError(0, 'unavailable', common.serverUnreachable);
  return tokens;
};

interface Sending<T> {
  readonly token?: string;
  readonly read?: Reader<T>;
  readonly timeoutMs?: number;
  /** Status besides those of success that `read` is for. */
  readonly alsoReads?: number | undefined;
  /** `Idempotency-Key`. */
  readonly key?: string | undefined;
  /** Continues after the page is closed. */
  readonly keepalive?: boolean;
}

/** A request with the login of the tab. */
interface Request<T> extends Pick<Sending<T>, 'read' | 'timeoutMs' | 'alsoReads' | 'key'> {
  /** A form, or a value sent as JSON. */
  readonly body?: unknown;
  /** Seconds that the access token has to be valid for. */
  readonly marginS?: number;
}

/** @param body a form, or a value sent as JSON */
export async function send<T>(
  method: string,
  path: string,
  body?: unknown,
  { token, read = readJson, timeoutMs = TIMEOUT_MS, alsoReads, key, keepalive = false }: Sending<T> = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  if (key) headers['idempotency-key'] = key;
  const isForm = body instanceof FormData;
  // Of a form, the browser states the boundary.
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    const init = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) };
    response = await fetch(at(path), {
      method,
      headers,
      ...init,
      keepalive,
      cache: 'no-store',
      // The server never redirects: this would be the login page of a network.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw new ApiError(0, 'unavailable', common.serverUnreachable, {}, cause);
  }
  if (!response.ok && response.status !== alsoReads) throw await ApiError.from(response);
  return read(response);
}
