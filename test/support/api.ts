import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../../protocol/events.ts';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import { SERVER_BUSY } from '../../protocol/http/server-busy.ts';
import type { Session, Ticket } from '../../protocol/http/sessions.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import { type Answer, ApiContract } from './openapi.ts';

/** Problem response of the API. */
class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(`${status} ${String(body['code'])}: ${String(body['detail'])}`);
    this.status = status;
    this.code = String(body['code']);
    this.retryable = body['retryable'] === true;
    this.body = body;
  }
}

interface Sent {
  readonly body?: string | Uint8Array<ArrayBuffer> | URLSearchParams | FormData;
  readonly headers?: Record<string, string>;
}

type Received = Answer & { headers: Headers };

/** A signed-in client of the HTTP API. */
export class Api {
  readonly url: string;
  tokens: Tokens | undefined;
  /** Sent in place of an access token: an API key. */
  bearer: string | undefined;

  constructor(url: string) {
    this.url = url;
  }

  get userId(): string {
    return this.tokens?.user.id ?? '';
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.send(
      method,
      path,
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    );
    if (answer.status >= 400) throw new ApiError(answer.status, answer.body as Record<string, unknown>);
    return answer.body as T;
  }

  /**
   * Sends any request, with this client's token unless `headers` has one. A form (`URLSearchParams`) and a multipart
   * body (`FormData`) set their own content type. The response must match the server's /openapi.json. A request that
   * waited too long for its turn is repeated: whatever else the machine does is no matter of the test.
   */
  async send(method: string, path: string, request: Sent = {}): Promise<Received> {
    for (;;) {
      const answer = await this.#sendOnce(method, path, request);
      if ((answer.body as { detail?: unknown } | undefined)?.detail !== SERVER_BUSY) return answer;
      await sleep(Number(answer.headers.get('retry-after')) * 1000);
    }
  }

  async #sendOnce(method: string, path: string, { body, headers = {} }: Sent): Promise<Received> {
    const bearer = this.bearer ?? this.tokens?.accessToken;
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const contentType = response.headers.get('content-type') ?? '';
    const text = await response.text();
    const answer = {
      status: response.status,
      contentType,
      body: text === '' ? undefined : contentType.includes('json') ? (JSON.parse(text) as unknown) : text,
    };
    (await ApiContract.of(this.url)).check(method, path.split('?')[0] ?? '', answer);
    return { ...answer, headers: response.headers };
  }

  get = <T>(path: string): Promise<T> => this.request<T>('GET', path);
  post = <T>(path: string, body?: unknown): Promise<T> => this.request<T>('POST', path, body);

  async login(email: string, password: string): Promise<void> {
    this.tokens = await this.post<Tokens>('/api/auth/login', { email, password });
  }

  async register(email: string, password: string, name: string): Promise<void> {
    this.tokens = await this.post<Tokens>('/api/auth/register', { email, password, name });
  }

  /** Renews the login, as a client does before its access token expires. */
  async renew(): Promise<void> {
    this.tokens = await this.post<Tokens>('/api/auth/refresh', { refreshToken: this.tokens?.refreshToken });
  }

  /** An exam that every student can take and all staff see; `more` changes that. */
  createExam(policy: PolicyInput = {}, more: Record<string, unknown> = {}): Promise<Exam> {
    return this.post<Exam>('/api/exams', {
      title: 'An exam',
      status: 'active',
      maxAttempts: null,
      openTo: 'all',
      staffAccess: 'all',
      policy,
      ...more,
    });
  }

  startSession(examId: string): Promise<Session> {
    return this.post<Session>('/api/sessions', { examId });
  }

  examTicket(sessionId: string): Promise<Ticket> {
    return this.post<Ticket>(`/api/sessions/${sessionId}/ticket`);
  }

  consoleTicket(): Promise<Ticket> {
    return this.post<Ticket>('/api/console/ticket');
  }

  async events(sessionId: string): Promise<Event[]> {
    const all: Event[] = [];
    let cursor = '';
    for (;;) {
      const page = await this.get<{ items: Event[]; nextCursor: string | null }>(
        `/api/proctoring/attempt/${sessionId}/events?limit=200${cursor}`,
      );
      all.push(...page.items);
      if (page.nextCursor === null) return all;
      cursor = `&cursor=${page.nextCursor}`;
    }
  }
}
