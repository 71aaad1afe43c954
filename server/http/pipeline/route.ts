import type { z } from 'zod';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { MANAGERS, RELEASERS, type Role, STAFF } from '../../../protocol/http/accounts.ts';
import type { ApiKeyScope } from '../../../protocol/http/api-keys.ts';
import type { Caller } from '../../auth/keys/caller.ts';
import type { PageOrigin } from '../../auth/factors/relying-party.ts';
import type { StepUpNeed } from '../../auth/factors/step-up.ts';
import type { Principal } from '../../auth/logins/tokens.ts';
import { BODY_LIMIT, type BodyKind } from './body.ts';
import type { LineName } from '../limits/request-lines.ts';
import type { Whose } from '../limits/request-line.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sections of the API documentation, in order. */
export const TAGS = [
  'Accounts',
  'Exams',
  'Enrolment',
  'Check-in',
  'Sessions',
  'Proctoring',
  'Review',
  'Audit',
  'Service',
  'ProctorBE compatibility',
] as const;
type Tag = (typeof TAGS)[number];

/** A response other than a plain body with the route's status: another documented status, headers, or raw bytes. */
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

/** Maximum size of a body with a policy or a part of one, bytes: it may hold a weight for any number of event types. */
export const POLICY_LIMIT = 64 * 1024;

/** Input of a handler: validated request and authenticated user. */
interface RouteInput<P, Q, B, Who> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly who: Who;
  readonly address: string;
  /** Raw header; checked only if the route requires a login. */
  readonly authorization: string;
  /** A request header by its lower-case name; empty if absent. */
  readonly header: (name: string) => string;
  /** Origin of the requesting page and host of the request, from the headers. */
  readonly from: PageOrigin;
  /** Value of the `Idempotency-Key` header, if any. */
  readonly idempotencyKey: string | undefined;
  /** Aborts when the client disconnects before the response. */
  readonly left: AbortSignal;
}

/** A request before its body is read. */
type Asked<P, Q, Who> = Omit<RouteInput<P, Q, never, Who>, 'body' | 'left'>;

/** A row of the route table, the source of the router, the OpenAPI document and the rights tests. */
export interface Route {
  readonly method: Method;
  /** Parameters are written `:name`, in OpenAPI `{name}`. */
  readonly path: string;
  readonly tag: Tag;
  /** Verb first, one line. */
  readonly summary: string;
  /** Full sentences. */
  readonly description: string | undefined;
  /** `guest`: login optional, but an invalid one is refused. */
  readonly who: 'anyone' | 'guest' | 'user' | readonly Role[];
  /** Scope with which API keys are also admitted; undefined: none are. */
  readonly scope: ApiKeyScope | undefined;
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body:
    | {
        readonly kind: BodyKind;
        readonly schema: z.ZodType;
        /** Whether the schema rejects an empty body. */ readonly required: boolean;
        /** Bytes. */ readonly limit: number;
      }
    | undefined;
  /** Status of the usual response; 204 has no body. */
  readonly status: number;
  /** Media type of the usual response. */
  readonly produces: string;
  /** Schemas of successful responses by status. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
  /** Errors besides those that follow from `who`, `params`, `query` and `body`. */
  readonly problems: readonly ErrorCode[];
  /** Without one of the roles the response is 404, so that the resource stays hidden. */
  readonly hidden: boolean;
  /** Unknown fields of query and body are refused; otherwise they are ignored. */
  readonly refusesUnknown: boolean;
  /** Honours `Idempotency-Key`. */
  readonly idempotent: boolean;
  /**
   * True: also the URL of a page, which requests that accept `text/html` get. A path: that of the page to which a browser
   * without a login in the request is sent.
   */
  readonly page: boolean | PagePath;
  /** Checks after authentication, before the body is parsed. @throws ProtocolError if the request is refused */
  readonly admit: ((asked: Asked<unknown, unknown, Caller | undefined>) => void | Promise<void>) | undefined;
  /** Recent re-authentication required, if any. */
  readonly stepUp: StepUpNeed | undefined;
  /** Also allowed for a login whose second factor is pending. */
  readonly whilePending: boolean;
  /** Queue of its requests. */
  readonly line: LineName;
  /**
   * For requests without a login: the signer of a token in the body, whose turn it takes; undefined: the network's
   * turn.
   * @throws ProtocolError for an invalid token
   */
  readonly whose: ((input: RouteInput<unknown, unknown, unknown, Caller | undefined>) => Whose | undefined) | undefined;
  readonly handle: (input: RouteInput<unknown, unknown, unknown, Caller | undefined>) => Promise<unknown>;
}

/** Path of a page of this server, from the path parameters. */
export type PagePath = (params: Readonly<Record<string, string>>) => string;

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType, Who> {
  readonly method: Method;
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  /** JSON unless `kind` is set. */
  readonly body?: B;
  readonly kind?: BodyKind;
  /** Maximum size in bytes, if the default of its kind does not fit. */
  readonly bodyLimit?: number;
  /** Checks that need no body, such as rates and ownership, to refuse at little cost. */
  readonly admit?: (asked: Asked<z.output<P>, z.output<Q>, Who>) => void | Promise<void>;
  /** Undefined: no body, status 204. */
  readonly answer?: A;
  /** 200 by default. */
  readonly status?: number;
  readonly produces?: string;
  /** Further responses by status, sent as a `Reply`. */
  readonly also?: Readonly<Record<number, z.ZodType>>;
  readonly problems?: readonly ErrorCode[];
  readonly hidden?: boolean;
  readonly idempotent?: boolean;
  readonly page?: boolean | PagePath;
  readonly stepUp?: StepUpNeed;
  readonly whilePending?: boolean;
  /** Default: `read` for GET, `write` otherwise. */
  readonly line?: LineName;
  readonly whose?: (input: RouteInput<z.output<P>, z.output<Q>, z.output<B>, Who>) => Whose | undefined;
  readonly handle: (
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>, Who>,
  ) => Promise<NoInfer<z.input<A>> | Reply | void>;
}

function define<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType, Who>(
  who: Route['who'],
  definition: Definition<P, Q, B, A, Who>,
  scope?: ApiKeyScope,
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
    scope,
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
    // Clients of ProctorBE send what it ignored.
    refusesUnknown: tag !== 'ProctorBE compatibility',
    idempotent,
    page,
    admit: definition.admit as Route['admit'],
    stepUp: definition.stepUp,
    whilePending: definition.whilePending ?? false,
    line: definition.line ?? (method === 'GET' ? 'read' : 'write'),
    whose: definition.whose as Route['whose'],
    // The router validates with these schemas before the call, so the narrower type holds.
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

/** Route for users, and for API keys with the scope. */
export const userOrKeyRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  scope: ApiKeyScope,
  definition: Definition<P, Q, B, A, Caller>,
): Route => define('user', definition, scope);

export const staffRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal>,
): Route => define(STAFF, definition);

/** Route for those who release verdicts and decide appeals. */
export const releaserRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal>,
): Route => define(RELEASERS, definition);

export const managerRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal>,
): Route => define(MANAGERS, definition);

export const adminRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Definition<P, Q, B, A, Principal>,
): Route => define(['admin'], definition);
