import type { z } from 'zod';
import type { Role } from '../../protocol/http/accounts.ts';
import type { Principal } from '../auth/tokens.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Shapes {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}

/** What a handler is given: validated input and, unless the route is open, who asks. */
export interface RouteInput<P, Q, B, Who> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly who: Who;
  readonly address: string;
}

/** A row of the route table. `who`: anyone, any signed-in user, or users of these roles. */
export interface Route {
  readonly method: Method;
  /** With `:name` for parameters, as OpenAPI writes `{name}`. */
  readonly path: string;
  readonly who: 'anyone' | 'user' | readonly Role[];
  readonly shapes: Shapes;
  readonly status: number;
  readonly handle: (input: RouteInput<unknown, unknown, unknown, Principal | undefined>) => Promise<unknown>;
}

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, Who> {
  readonly method: Method;
  readonly path: string;
  readonly status?: number;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly handle: (input: RouteInput<z.output<P>, z.output<Q>, z.output<B>, Who>) => Promise<unknown>;
}

function define<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, Who>(who: Route['who'], definition: Definition<P, Q, B, Who>): Route {
  const { method, path, status = 200, params, query, body } = definition;
  const shapes: Shapes = { ...(params && { params }), ...(query && { query }), ...(body && { body }) };
  // The router validates by these very shapes before it calls, so that the narrower type holds.
  const handle = definition.handle as unknown as Route['handle'];
  return { method, path, who, status, shapes, handle };
}

export const openRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(definition: Definition<P, Q, B, undefined>): Route =>
  define('anyone', definition);

export const userRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(definition: Definition<P, Q, B, Principal>): Route =>
  define('user', definition);

export const roleRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  roles: readonly Role[],
  definition: Definition<P, Q, B, Principal>,
): Route => define(roles, definition);
