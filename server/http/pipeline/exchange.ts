import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { ProtocolError } from '../../../protocol/errors.ts';
import { checkMediaType } from './body.ts';
import { ADDRESS_HEADERS, type AddressHeader } from '../edge/client-address.ts';
import type { Edge } from '../edge/edge.ts';
import { forwardedProto } from '../edge/forwarded.ts';
import { Incoming, tooLarge } from './incoming.ts';
import { problemBody, statusOf } from './problem.ts';
import type { BodyKind } from './body.ts';
import { safeHeaders } from './safe-headers.ts';

/**
 * Time to send a whole response, ms. A client that reads nothing for 10 s is disconnected by uWebSockets.js before
 * that.
 */
const ANSWER_TIMEOUT_MS = 60_000;

const STATUS_TEXT: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  302: 'Found',
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

const isAddressHeader = (name: string): name is AddressHeader => (ADDRESS_HEADERS as readonly string[]).includes(name);

type Headers = Readonly<Record<string, string>>;

/**
 * One request and its response. uWebSockets.js reuses the request object after the handler returns and frees the
 * response when the client disconnects, so everything is copied first and nothing is written afterwards.
 */
export class Exchange {
  readonly method: string;
  /** Without the server's prefix. */
  readonly path: string;
  /** Raw query string, without the question mark. */
  readonly query: string;
  readonly address: string;
  readonly #headers = new Map<string, string>();
  readonly #res: HttpResponse;
  readonly #edge: Edge;
  /** The request came over TLS. */
  readonly #secure: boolean;
  #extra: Headers = {};
  /** The client is connected. */
  #open = true;
  #answered = false;
  readonly #incoming: Incoming;
  #endsConnection = false;
  #left: AbortController | undefined;

  constructor(res: HttpResponse, req: HttpRequest, edge: Edge) {
    this.#res = res;
    this.#edge = edge;
    this.method = req.getCaseSensitiveMethod();
    this.path = edge.pathOf(req.getUrl());
    this.query = req.getQuery() ?? '';
    const lines: Partial<Record<AddressHeader, string[]>> = {};
    req.forEach((name, value) => {
      // The first value counts, as in uWebSockets.js.
      if (!this.#headers.has(name)) this.#headers.set(name, value);
      // Some proxies add another header line.
      if (isAddressHeader(name)) (lines[name] ??= []).push(value);
    });
    const peer = Buffer.from(res.getRemoteAddressAsText()).toString();
    this.address = edge.clientOf(peer, lines);
    const proto = this.header('x-forwarded-proto') || forwardedProto(lines['forwarded']?.join(',') ?? '');
    this.#secure = edge.isSecure(peer, proto ?? '', this.header('host'));
    res.onAborted(() => this.#gone());
    this.#incoming = new Incoming(res, edge.bodies, this.address, this.hasBody);
  }

  /** Without either header there is no body (RFC 9112, section 6.3). */
  get hasBody(): boolean {
    const length = this.header('content-length');
    return (length !== '' && length !== '0') || this.header('transfer-encoding') !== '';
  }

  /**
   * Runs the work now, or in a later turn of the event loop if this one's time is spent. uWebSockets.js closes a
   * connection that sends a request before the previous one is answered, so pipelining gains nothing.
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

  /** Whether the client is connected. */
  get isOpen(): boolean {
    return this.#open;
  }

  header(name: string): string {
    return this.#headers.get(name) ?? '';
  }

  /** Undefined if absent; empty also for a value that is not ASCII. */
  sentHeader(name: string): string | undefined {
    return this.#headers.get(name);
  }

  /** Headers added to whatever response follows. */
  addHeaders(headers: Headers): void {
    this.#extra = { ...this.#extra, ...headers };
  }

  /**
   * Raw body; undefined if it is empty, or absent and not required. Must be called before the handler's first await.
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

  /** Discards the body, before a response that comes later. */
  dropBody(): void {
    this.#incoming.drop();
  }

  /** Closes the connection after the response. */
  endConnection(): void {
    this.#endsConnection = true;
  }

  /** Sent after the request body has been received; what is not needed of it is discarded. */
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
      // An explicit undefined would be written as a length.
      if (body === undefined) this.#res.endWithoutBody();
      else if (this.method === 'HEAD') this.#res.endWithoutBody(Buffer.byteLength(body), last);
      else if (last) this.#res.end(body, true);
      else this.#stream(typeof body === 'string' ? Buffer.from(body) : body);
    });
  }

  /**
   * `end` would buffer everything the client does not read and accept its next request, so a client that requests
   * without reading would fill the memory. The rest stays here instead; a further request meanwhile closes the
   * connection.
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

  /** Aborts when the client disconnects before the response, so long work can stop. */
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

  /** Whether a browser asks for a page: an address typed or followed, which carries no login. */
  get isNavigation(): boolean {
    const isRead = this.method === 'GET' || this.method === 'HEAD';
    return isRead && this.header('accept').includes('text/html') && this.header('authorization') === '';
  }

  /** @param path of this server, without its prefix */
  redirect(path: string): void {
    const location = this.#edge.basePath + path.replace(/[^!-~]/g, '');
    this.answer(302, '', { Location: location, Vary: 'Accept' });
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
