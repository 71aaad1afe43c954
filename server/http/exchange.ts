import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { ProtocolError } from '../../protocol/errors.ts';
import { problemBody, statusOf } from './problem.ts';

const MAX_JSON = 1024 * 1024;
const BODY_TIMEOUT_MS = 10_000;

const STATUS_TEXT: Record<number, string> = {
  200: 'OK', 201: 'Created', 204: 'No Content', 304: 'Not Modified', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden',
  404: 'Not Found', 405: 'Method Not Allowed', 408: 'Request Timeout', 409: 'Conflict', 411: 'Length Required',
  413: 'Content Too Large', 415: 'Unsupported Media Type', 429: 'Too Many Requests', 500: 'Internal Server Error', 503: 'Service Unavailable',
};

/** Sent with every answer. Pages add their own Content-Security-Policy. */
const SAFE_HEADERS: readonly (readonly [string, string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Frame-Options', 'SAMEORIGIN'],
];

/**
 * One request and its answer. uWebSockets.js reuses the request object after the handler returns and frees the
 * response when the client leaves: everything is copied here first, and nothing is written to what is gone.
 */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly address: string;
  readonly #headers = new Map<string, string>();
  readonly #res: HttpResponse;
  #open = true;

  constructor(res: HttpResponse, req: HttpRequest) {
    this.#res = res;
    this.method = req.getCaseSensitiveMethod();
    this.path = req.getUrl();
    this.query = new URLSearchParams(req.getQuery() ?? '');
    req.forEach((name, value) => this.#headers.set(name, value));
    this.address = Buffer.from(res.getRemoteAddressAsText()).toString();
    res.onAborted(() => {
      this.#open = false;
    });
  }

  header(name: string): string {
    return this.#headers.get(name) ?? '';
  }

  /**
   * The body as JSON; undefined when there is none. Has to be called before the handler's first await.
   * @throws ProtocolError `unsupported_media_type`, `too_large`, `request_timeout` or `malformed_json`
   */
  async json(): Promise<unknown> {
    const length = this.header('content-length');
    if ((length === '' || length === '0') && this.header('transfer-encoding') === '') return undefined;
    if (Number(length) > MAX_JSON) throw new ProtocolError('too_large', `a body may have ${MAX_JSON} bytes`);
    if (!/^application\/([\w.-]+\+)?json\b/i.test(this.header('content-type'))) {
      throw new ProtocolError('unsupported_media_type', 'the body must be application/json');
    }
    const bytes = await this.#body();
    if (bytes.length === 0) return undefined;
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (cause) {
      throw new ProtocolError('malformed_json', 'the body is not JSON', { cause });
    }
  }

  #body(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const slow = setTimeout(() => reject(new ProtocolError('request_timeout', 'the body did not arrive in time')), BODY_TIMEOUT_MS);
      this.#res.onAborted(() => {
        this.#open = false;
        clearTimeout(slow);
        reject(new ProtocolError('bad_request', 'the request was aborted'));
      });
      this.#res.onData((chunk, isLast) => {
        size += chunk.byteLength;
        if (size > MAX_JSON) {
          clearTimeout(slow);
          reject(new ProtocolError('too_large', `a body may have ${MAX_JSON} bytes`));
          return;
        }
        chunks.push(Buffer.from(chunk.slice(0)));
        if (!isLast) return;
        clearTimeout(slow);
        resolve(Buffer.concat(chunks));
      });
    });
  }

  answer(status: number, body: string | Uint8Array | undefined, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.#open) return;
    this.#open = false;
    this.#res.cork(() => {
      this.#res.writeStatus(`${status} ${STATUS_TEXT[status] ?? ''}`.trim());
      for (const [name, value] of SAFE_HEADERS) this.#res.writeHeader(name, value);
      for (const [name, value] of Object.entries(headers)) this.#res.writeHeader(name, value);
      if (body === undefined) this.#res.endWithoutBody();
      else this.#res.end(body);
    });
  }

  answerJson(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    if (body === undefined) this.answer(204, undefined, headers);
    else this.answer(status, JSON.stringify(body), { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
  }

  answerProblem(error: ProtocolError, headers: Readonly<Record<string, string>> = {}): void {
    this.answer(statusOf(error.code), JSON.stringify(problemBody(error)), {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...headers,
    });
  }
}
