import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { ProtocolError } from '../../../protocol/errors.ts';
import { checkMediaType } from './body.ts';
import type { Edge } from '../edge/edge.ts';
import { Incoming, tooLarge } from './incoming.ts';
import { problemBody, statusOf } from './problem.ts';
import type { BodyKind } from './route.ts';
import { safeHeaders } from './safe-headers.ts';

/** For all of an answer to go out. Who takes nothing for 10 s is cut off by uWebSockets.js before that. */
const ANSWER_TIMEOUT_MS = 60_000;

const STATUS_TEXT: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  411: 'Length Required',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

type Headers = Readonly<Record<string, string>>;

/**
 * One request and its answer. uWebSockets.js reuses the request object after the handler returns and frees the response
 * when the client leaves: everything is copied here first, and nothing is written to what is gone.
 */
export class Exchange {
  readonly method: string;
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly address: string;
  readonly #headers = new Map<string, string>();
  readonly #res: HttpResponse;
  readonly #edge: Edge;
  /** It came by TLS. */
  readonly #secure: boolean;
  #extra: Headers = {};
  /** The client is there. */
  #open = true;
  #answered = false;
  readonly #incoming: Incoming;
  #endsConnection = false;
  #left: AbortController | undefined;

  constructor(res: HttpResponse, req: HttpRequest, edge: Edge) {
    this.#res = res;
    this.#edge = edge;
    this.method = req.getCaseSensitiveMethod();
    this.path = req.getUrl();
    this.query = req.getQuery() ?? '';
    const forwarded: string[] = [];
    req.forEach((name, value) => {
      // As uWebSockets.js takes the first where it reads one itself.
      if (!this.#headers.has(name)) this.#headers.set(name, value);
      // Some proxies add a line of their own.
      if (name === 'x-forwarded-for') forwarded.push(value);
    });
    const peer = Buffer.from(res.getRemoteAddressAsText()).toString();
    this.address = edge.clientOf(peer, forwarded.join(','));
    this.#secure = edge.isSecure(peer, this.header('x-forwarded-proto'), this.header('host'));
    res.onAborted(() => this.#gone());
    this.#incoming = new Incoming(res, edge.bodies, this.address, this.hasBody);
  }

  /** Without either header there is no body (RFC 9112, section 6.3). */
  get hasBody(): boolean {
    const length = this.header('content-length');
    return (length !== '' && length !== '0') || this.header('transfer-encoding') !== '';
  }

  /**
   * Does what the request asks for now, or in a later turn when much was done in this one. Whoever sends the next
   * request of the same connection before this one is answered is cut off by uWebSockets.js: many in one piece cost no
   * more than the first.
   */
  inTurn(work: () => void): void {
    const { turns } = this.#edge;
    if (!turns.isSpent) return work();
    turns.wait({
      next: () => {
        if (this.#open) work();
        return false;
      },
    });
  }

  /** Whether the client is there. */
  get isOpen(): boolean {
    return this.#open;
  }

  header(name: string): string {
    return this.#headers.get(name) ?? '';
  }

  /** Undefined when it was not sent; empty also for a value that is not ASCII. */
  sentHeader(name: string): string | undefined {
    return this.#headers.get(name);
  }

  /** Goes with whatever is answered. */
  addHeaders(headers: Headers): void {
    this.#extra = { ...this.#extra, ...headers };
  }

  /**
   * The bytes of the body, unread; undefined when it is empty, or when there is none and none is required. Has to be
   * called before the handler's first await.
   * @throws ProtocolError `length_required`, `unsupported_media_type`, `too_large` or `request_timeout`
   */
  async body({
    kind,
    required,
    limit,
  }: {
    readonly kind: BodyKind;
    readonly required: boolean;
    readonly limit: number;
  }): Promise<Buffer | undefined> {
    const length = this.header('content-length');
    if (length === '' && this.header('transfer-encoding') === '') {
      if (required) throw new ProtocolError('length_required', 'a body with Content-Length is required');
      return undefined;
    }
    if (!this.hasBody) return undefined;
    if (Number(length) > limit) throw tooLarge(limit);
    if (this.sentHeader('content-encoding') !== undefined) {
      this.endConnection();
      throw new ProtocolError('unsupported_media_type', 'Content-Encoding is not supported');
    }
    checkMediaType(kind, this.header('content-type'));
    const bytes = await this.#incoming.keep(limit);
    return bytes.length === 0 ? undefined : bytes;
  }

  /** Nothing of the body is wanted any more, though the answer comes later. */
  dropBody(): void {
    this.#incoming.drop();
  }

  /** The connection ends after the answer. */
  endConnection(): void {
    this.#endsConnection = true;
  }

  /** It goes out when the request's body was read: what of it is wanted no more is thrown away. */
  answer(status: number, body: string | Uint8Array | undefined, headers: Headers = {}): void {
    this.#incoming.drop();
    if (!this.#open || this.#answered) return;
    this.#answered = true;
    this.#incoming.whenOver((whole) => this.#write(status, body, headers, !whole));
  }

  #write(status: number, body: string | Uint8Array | undefined, headers: Headers, isCutOff: boolean): void {
    if (body === undefined && !this.#edge.takesBodiless(this.address)) {
      this.#res.close();
      return;
    }
    const last = isCutOff || this.#endsConnection || this.#edge.gate.crowded;
    this.#res.cork(() => {
      this.#res.writeStatus(`${status} ${STATUS_TEXT[status] ?? ''}`.trim());
      for (const [name, value] of Object.entries({ ...safeHeaders(this.#secure), ...this.#extra, ...headers }))
        this.#res.writeHeader(name, value);
      // An argument of undefined would be written as a length.
      if (body === undefined) this.#res.endWithoutBody();
      else if (this.method === 'HEAD') this.#res.endWithoutBody(Buffer.byteLength(body), last);
      else if (last) this.#res.end(body, true);
      else this.#stream(typeof body === 'string' ? Buffer.from(body) : body);
    });
  }

  /**
   * `end` would copy all that the client does not take at once, and take its next request: one client that asks and
   * does not read would fill the memory. So the rest stays here, and whoever asks again meanwhile is cut off.
   */
  #stream(bytes: Uint8Array): void {
    const res = this.#res;
    if (res.tryEnd(bytes, bytes.byteLength)[1]) return;
    const slow = setTimeout(() => {
      if (this.#open) res.close();
    }, ANSWER_TIMEOUT_MS);
    slow.unref();
    res.onAborted(() => {
      clearTimeout(slow);
      this.#gone();
    });
    res.onWritable((offset) => {
      const [ok, done] = res.tryEnd(bytes.subarray(offset), bytes.byteLength);
      if (!done) return ok;
      this.#open = false;
      clearTimeout(slow);
      return true;
    });
  }

  /** Aborts when the client goes before it is answered: long work for it can end. */
  get left(): AbortSignal {
    this.#left ??= new AbortController();
    if (!this.#open) this.#left.abort(new ProtocolError('bad_request', 'request was aborted'));
    return this.#left.signal;
  }

  #gone(): void {
    this.#open = false;
    this.#incoming.aborted();
    this.#left?.abort(new ProtocolError('bad_request', 'request was aborted'));
  }

  answerJson(status: number, body: unknown, headers: Headers = {}): void {
    this.answer(status, JSON.stringify(body), {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      ...headers,
    });
  }

  answerProblem(error: ProtocolError, headers: Headers = {}): void {
    const status = statusOf(error.code);
    this.answer(status, JSON.stringify(problemBody(error)), {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      ...(error.retryAfterSeconds !== undefined && { 'Retry-After': String(error.retryAfterSeconds) }),
      ...headers,
    });
  }
}
