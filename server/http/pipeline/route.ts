import type { z } from 'zod';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { type Role, STAFF } from '../../../protocol/http/accounts.ts';
import type { PageOrigin } from '../../auth/factors/relying-party.ts';
import type { StepUpNeed } from '../../auth/factors/step-up.ts';
import type { Principal } from '../../auth/logins/tokens.ts';
import { BODY_LIMIT } from './body.ts';
import type { LineName } from '../limits/request-lines.ts';
import type { Whose } from '../limits/request-line.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Headings of the API's documentation, in its order. */
export const TAGS = [
  'Accounts',
  'Exams',
  'Enrolment',
  'Sessions',
  'Proctoring',
  'Review',
  'Audit',
  'Service',
  'ProctorBE compatibility',
] as const;
export type Tag = (typeof TAGS)[number];

/** How a body is sent: `application/json`, `application/x-www-form-urlencoded` or `multipart/form-data`. */
export type BodyKind = 'json' | 'form' | 'multipart';

/**
 * Other than a plain body with the route's status: another documented status, headers, or bytes of the route's media
 * type.
 */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/**
 * Of a body with a policy or a part of one, bytes: it has a weight for each type of event that its author thinks of.
 */
export const POLICY_LIMIT = 64 * 1024;

/** What a handler is given: validated input, and who asks. */
export interface RouteInput<P, Q, B, Who> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly who: Who;
  readonly address: string;
  /** The header as it was sent; checked only where the route asks who it is. */
  readonly authorization: string;
  /** A header of the request, by its name in lower case; empty without it. */
  readonly header: (name: string) => string;
  /** Of the page that asks, and the host that it was asked of, as the headers say. */
  readonly from: PageOrigin;
  /** Of an `Idempotency-Key` header; undefined without one. */
  readonly idempotencyKey: string | undefined;
  /** Aborts when the client goes before it is answered. */
  readonly left: AbortSignal;
}

/** What is known of a request before its body is read. */
export type Asked<P, Q, Who> = Omit<RouteInput<P, Q, never, Who>, 'body' | 'left'>;

/** A row of the route table. The router, the OpenAPI document and the rights tests all come from it. */
export interface Route {
  readonly method: Method;
  /** With `:name` for parameters, as OpenAPI writes `{name}`. */
  readonly path: string;
  readonly tag: Tag;
  /** Verb first, one line. */
  readonly summary: string;
  /** Full sentences. */
  readonly description: string | undefined;
  /** `guest`: no login is needed, but one that is given has to be good, and the handler is told whose it is. */
  readonly who: 'anyone' | 'guest' | 'user' | readonly Role[];
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body:
    | {
        readonly kind: BodyKind;
        readonly schema: z.ZodType;
        /** Whether the schema takes no empty one. */ readonly required: boolean;
        /** Bytes. */ readonly limit: number;
      }
    | undefined;
  /** Of the usual answer; 204 goes without a body. */
  readonly status: number;
  /** Media type of the usual answer. */
  readonly produces: string;
  /** Shapes of the answers that are no problems, by status. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
  /** Problems of this route's own, besides those that follow from `who`, `params`, `query` and `body`. */
  readonly problems: readonly ErrorCode[];
  /** Whoever has none of the roles is told that there is nothing: 404. */
  readonly hidden: boolean;
  /** Honours `Idempotency-Key`. */
  readonly idempotent: boolean;
  /** The address of a page, too: who asks for `text/html` gets that. */
  readonly page: boolean;
  /**
   * Asked once it is known who asks for what, before a byte of the body is parsed. @throws ProtocolError when the
   * request is refused
   */
  readonly admit: ((asked: Asked<unknown, unknown, Principal | undefined>) => void | Promise<void>) | undefined;
  /** Whether who asks has to have proven lately who they are. */
  readonly stepUp: StepUpNeed | undefined;
  /** Also for a login whose second factor is still to come. */
  readonly whilePending: boolean;
  /** Where its requests wait for their turn. */
  readonly line: LineName;
  /**
   * Of a request without a login: who signed a token in its body; undefined: nobody, it is its network's turn. @throws
   * ProtocolError for what is no token at all
   */
  readonly whose:
    ((input: RouteInput<unknown, unknown, unknown, Principal | undefined>) => Whose | undefined) | undefined;
  readonly handle: (input: RouteInput<unknown, unknown, unknown, Principal | undefined>) => Promise<unknown>;
}

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType, Who> {
  readonly method: Method;
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  /** A JSON body, unless `kind` says otherwise. */
  readonly body?: B;
  readonly kind?: BodyKind;
  /** Bytes, where its kind's usual limit does not fit the schema. */
  readonly bodyLimit?: number;
  /** Limits and rights that need no body: rates, whose it is. Whoever is refused here has cost next to nothing. */
  readonly admit?: (asked: Asked<z.output<P>, z.output<Q>, Who>) => void | Promise<void>;
  /** Undefined: the answer has no body, 204. */
  readonly answer?: A;
  /** 200 by default. */
  readonly status?: number;
  readonly produces?: string;
  /** Further answers by status, sent as a `Reply`. */
  readonly also?: Readonly<Record<number, z.ZodType>>;
  readonly problems?: readonly ErrorCode[];
  readonly hidden?: boolean;
  readonly idempotent?: boolean;
  readonly page?: boolean;
  readonly stepUp?: StepUpNeed;
  readonly whilePending?: boolean;
  /** `read` for GET and `write` for all else, without it. */
  readonly line?: LineName;
  readonly whose?: (input: RouteInput<z.output<P>, z.output<Q>, z.output<B>, Who>) => Whose | undefined;
  readonly handle: (
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>, Who>,
  ) => Promise<NoInfer<z.input<A>> | Reply | void>;
}

function define<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType, Who>(
  who: Route['who'],
  definition: Definition<P, Q, B, A, Who>,
): Route {
  const {
    method,
    path,
    tag,
    summary,
    description,
    params,
    query,
    body,
    kind = 'json',
    answer,
    also = {},
    problems = [],
    hidden = false,
    idempotent = false,
    page = false,
  } = definition;
  const status = answer ? (definition.status ?? 200) : 204;
  return {
    method,
    path,
    tag,
    summary,
    description,
    who,
    params,
    query,
    body: body && {
      kind,
      schema: body,
      required: !body.safeParse({}).success,
      limit: definition.bodyLimit ?? BODY_LIMIT[kind],
    },
    status,
    produces: definition.produces ?? 'application/json',
    answers: { [status]: answer, ...also },
    problems,
    hidden,
    idempotent,
    page,
    admit: definition.admit as Route['admit'],
    stepUp: definition.stepUp,
    whilePending: definition.whilePending ?? false,
    line: definition.line ?? (method === 'GET' ? 'read' : 'write'),
    whose: definition.whose as Route['whose'],
    // The router validates by these very shapes before it calls, so that the narrower type holds.
    handle: definition.handle as unknown as Route['handle'],
  };
}

export const openRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, undefined>,
): Route => define('anyone', definition);

export const guestRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal | undefined>,
): Route => define('guest', definition);

export const userRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal>,
): Route => define('user', definition);

export const staffRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal>,
): Route => define(STAFF, definition);

export const adminRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal>,
): Route => define(['admin'], definition);
