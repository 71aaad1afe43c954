import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../protocol/events.ts';
import type { Role, Tokens, User } from '../protocol/http/accounts.ts';
import type { CreateExamBody, Exam, ExamStatus } from '../protocol/http/exams.ts';
import { SERVER_BUSY } from '../protocol/http/server-busy.ts';
import type { Session, Ticket } from '../protocol/http/sessions.ts';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

const TIMEOUT_MS = 20_000;
/** Of a request that waited too long for its turn. The server's `Retry-After` is a second, too. */
const MOST_REPEATS = 5;
const REPEAT_MS = 1000;
/** Minimum remaining lifetime of the access token for an ordinary request, ms; otherwise it is renewed first. */
const MARGIN_MS = 30_000;
/** A socket lives as long as the token behind its ticket and asks for another 60 s before that ends (C8), ms. */
const TICKET_MARGIN_MS = 180_000;

/** HTTP API client of one user; renews its login. */
export class Api {
  readonly #server: string;
  #login: { access: string; refresh: string | undefined; expiresAt: number } | undefined;
  #renewal: Promise<void> | undefined;

  /** @param server origin, `http://...`; `accessToken` replaces a login made elsewhere */
  constructor(server: string, accessToken?: string) {
    this.#server = server;
    if (accessToken) this.#login = { access: accessToken, refresh: undefined, expiresAt: Number.POSITIVE_INFINITY };
  }

  /**
   * Expiry of the access, ms since 1970, read from the token; undefined if it is renewed or the token has no expiry.
   */
  get endsAt(): number | undefined {
    if (!this.#login || this.#login.refresh !== undefined) return undefined;
    try {
      const { exp } = JSON.parse(Buffer.from(this.#login.access.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
        exp?: unknown;
      };
      return typeof exp === 'number' ? exp * 1000 : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws ApiError, like all methods here */
  async register(email: string, password: string, name: string): Promise<User> {
    return this.#begin(await this.#send<Tokens>('POST', '/api/auth/register', { email, password, name }));
  }

  async login(email: string, password: string): Promise<User> {
    return this.#begin(await this.#send<Tokens>('POST', '/api/auth/login', { email, password }));
  }

  /** Ends this login. */
  async logout(): Promise<void> {
    await this.#asUser('POST', '/api/auth/logout');
    this.#login = undefined;
  }

  me(): Promise<User> {
    return this.#asUser('GET', '/api/auth/me');
  }

  disableUser(id: string): Promise<User> {
    return this.#asUser('PATCH', `/api/users/${id}`, { disabled: true });
  }

  createUser(user: { email: string; password: string; name: string; role: Role }): Promise<User> {
    return this.#asUser('POST', '/api/users', user);
  }

  createExam(exam: z.input<typeof CreateExamBody>): Promise<Exam> {
    return this.#asUser('POST', '/api/exams', exam);
  }

  changeExamStatus(id: string, status: ExamStatus, options: { endSessions?: boolean } = {}): Promise<Exam> {
    return this.#asUser('PATCH', `/api/exams/${id}/status`, { status, ...options });
  }

  /** Deletes an archived exam with all its sessions. */
  deleteExam(id: string): Promise<void> {
    return this.#asUser('DELETE', `/api/exams/${id}`);
  }

  startSession(examId: string): Promise<Session> {
    return this.#asUser('POST', '/api/sessions', { examId });
  }

  session(id: string): Promise<Session> {
    return this.#asUser('GET', `/api/sessions/${id}`);
  }

  endSession(id: string): Promise<Session> {
    return this.#asUser('POST', `/api/sessions/${id}/end`);
  }

  ticket(sessionId: string): Promise<Ticket> {
    return this.#asUser('POST', `/api/sessions/${sessionId}/ticket`, undefined, TICKET_MARGIN_MS);
  }

  consoleTicket(): Promise<Ticket> {
    return this.#asUser('POST', '/api/console/ticket', undefined, TICKET_MARGIN_MS);
  }

  /** All stored events of a session, in order, page by page. */
  async events(sessionId: string): Promise<Event[]> {
    const events: Event[] = [];
    let cursor: string | null = '0';
    while (cursor !== null) {
      const path: string = `/api/proctoring/attempt/${sessionId}/events?limit=200&cursor=${cursor}`;
      const page: { items: Event[]; nextCursor: string | null } = await this.#asUser('GET', path);
      events.push(...page.items);
      cursor = page.nextCursor;
    }
    return events;
  }

  /** `/health`: type and status of the server. */
  health(): Promise<Record<string, unknown>> {
    return this.#send('GET', '/health', undefined, process.env['METRICS_TOKEN'] || undefined);
  }

  async ready(): Promise<boolean> {
    const response = await fetch(`${this.#server}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.ok;
  }

  #begin({ accessToken, refreshToken, expiresIn, user }: Tokens): User {
    this.#login = { access: accessToken, refresh: refreshToken, expiresAt: Date.now() + expiresIn * 1000 };
    return user;
  }

  async #asUser<T>(method: string, path: string, body?: unknown, marginMs = MARGIN_MS): Promise<T> {
    if (this.#login && this.#login.expiresAt - Date.now() < marginMs) await this.#renew();
    const used = this.#login?.access;
    try {
      return await this.#send<T>(method, path, body, used);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || !this.#login?.refresh) throw error;
      // The server's answer takes precedence over the local clock. Another request may have renewed meanwhile.
      if (this.#login.access === used) await this.#renew();
      return this.#send<T>(method, path, body, this.#login.access);
    }
  }

  /** One renewal at a time: a refresh token used twice counts as stolen. */
  #renew(): Promise<void> {
    const refreshToken = this.#login?.refresh;
    if (!refreshToken) return Promise.reject(new ApiError(401, 'unauthenticated', 'not logged in'));
    this.#renewal ??= this.#send<Tokens>('POST', '/api/auth/refresh', { refreshToken })
      .then((tokens) => void this.#begin(tokens))
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  /** Requests that the server gave up before it began them are repeated, a few times. */
  async #send<T>(method: string, path: string, body?: unknown, accessToken?: string): Promise<T> {
    for (let left = MOST_REPEATS; ; left--)
      try {
        return await this.#sendOnce<T>(method, path, body, accessToken);
      } catch (error) {
        if (left === 0 || !(error instanceof ApiError) || error.detail !== SERVER_BUSY) throw error;
        await sleep(REPEAT_MS);
      }
  }

  async #sendOnce<T>(method: string, path: string, body?: unknown, accessToken?: string): Promise<T> {
    const what = `${method} ${path.split('?')[0]}`;
    const headers: Record<string, string> = {};
    if (accessToken) headers['authorization'] = `Bearer ${accessToken}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await fetch(this.#server + path, {
        method,
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new ApiError(0, 'unavailable', `${what}: no response (${reasonOf(cause)})`, { cause });
    }
    if (!response.ok) throw await ApiError.from(response, what);
    if (response.status === 204) return undefined as T;
    try {
      return (await response.json()) as T;
    } catch (cause) {
      throw new ApiError(response.status, 'bad_answer', `${what}: response is not JSON`, { cause });
    }
  }
}

/** fetch nests the actual error in `cause`. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } };
  return String(cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : error));
}
