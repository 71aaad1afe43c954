import { isOwnProblem } from '../../../protocol/problem-type.ts';
import type { TicketAnswer } from '../link-options.ts';

/** A ticket from the page: the response of the server, or the ticket alone. */
export type TicketGiven =
  string | { readonly ticket: string; readonly url?: string | undefined; readonly session?: string | undefined };

export interface TicketSources {
  readonly ticket?: string | undefined;
  readonly ticketUrl?: string | undefined;
  readonly getTicket?: (() => TicketGiven | Promise<TicketGiven>) | undefined;
}

const EXAM_PATH = '/ws/exam';
const TIMEOUT_MS = 10_000;
const RETRYABLE_STATUS = new Set([408, 425, 429]);

/** Error with the fields that the link reads: `retryable`, and `code` for the final state. */
class TicketError extends Error {
  override readonly name = 'TicketError';
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable: boolean) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}

/** Source of tickets, each valid for one socket (rule C3): first the given one, then new ones from the page's source. */
export class Tickets {
  readonly #sources: TicketSources;
  readonly #needed: () => void;
  /** Path of the socket, where the answer has none. */
  readonly #path: string;
  #given: string | undefined;

  /** @param basePath path prefix of the server @param needed called when a ticket is needed and there is no source */
  constructor(sources: TicketSources, basePath: string, needed: () => void) {
    this.#sources = sources;
    this.#given = sources.ticket;
    this.#path = basePath + EXAM_PATH;
    this.#needed = needed;
  }

  give(ticket: string): void {
    this.#given = ticket;
  }

  /** @throws TicketError; errors of `getTicket` are passed on */
  async next(): Promise<TicketAnswer> {
    const given = this.#given;
    this.#given = undefined;
    if (globalThis.origin === 'null')
      throw new TicketError(
        'bad_origin',
        'this page has no origin: its frame needs allow-same-origin in its sandbox attribute',
        false,
      );
    if (given !== undefined) return { ticket: given, url: this.#path };
    const { getTicket, ticketUrl } = this.#sources;
    if (getTicket) return read(await getTicket(), this.#path);
    if (ticketUrl !== undefined) return read(await fetchTicket(ticketUrl), this.#path);
    this.#needed();
    throw new TicketError('unauthenticated', 'new ticket needed', false);
  }
}

/** Characters that a subprotocol may have (RFC 9110, section 5.6.2): a ticket travels in one. */
const TICKET = /^[!#$%&'*+.^_`|~\w-]+$/;

/** @param answer of the page, its site, or of something on the way that answers everything with JSON of its own */
function read(answer: unknown, path: string): TicketAnswer {
  const fields = typeof answer === 'string' ? { ticket: answer } : (answer ?? {});
  const { ticket, url = path, session } = fields as Record<keyof TicketAnswer, unknown>;
  const isTicket = typeof ticket === 'string' && TICKET.test(ticket);
  if (!isTicket || typeof url !== 'string' || !URL.canParse(url, 'http://server'))
    throw new TicketError('bad_ticket', 'ticket response contains no ticket', true);
  return { ticket, url, session: typeof session === 'string' ? session : undefined };
}

/** POST, since it creates a ticket; with the page's cookies, which identify the student to the site. */
async function fetchTicket(url: string): Promise<TicketGiven> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json' },
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = (await response.json().catch(() => ({}))) as TicketGiven & {
    type?: unknown;
    code?: unknown;
    retryable?: unknown;
  };
  if (response.ok) return body;
  const { status } = response;
  // Final is only what this server has said and the site passes on: captive portals and proxies answer for a while, too.
  const final = isOwnProblem(body) && body.retryable === false ? body : undefined;
  throw new TicketError(
    final?.code ?? 'unavailable',
    `ticket request to ${url} failed with status ${status}`,
    !final || status >= 500 || RETRYABLE_STATUS.has(status),
  );
}
