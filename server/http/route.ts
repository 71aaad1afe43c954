import type { z } from 'zod';
import type { Role } from '../../protocol/http.ts';
import type { Principal } from '../auth/tokens.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Shapes {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}

type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What a handler is given: validated input and, unless the route is open, who asks. */
export interface RouteInput<S extends Shapes, Who> {
  readonly params: Output<S['params']>;
  readonly query: Output<S['query']>;
  readonly body: Output<S['body']>;
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
  readonly handle: (input: RouteInput<Shapes, Principal | undefined>) => Promise<unknown>;
}

interface Definition<S extends Shapes, Who> {
  readonly method: Method;
  readonly path: string;
  readonly status?: number;
  readonly params?: S['params'];
  readonly query?: S['query'];
  readonly body?: S['body'];
  readonly handle: (input: RouteInput<S, Who>) => Promise<unknown>;
}

function define<S extends Shapes, Who>(who: Route['who'], definition: Definition<S, Who>): Route {
  const { method, path, status = 200, params, query, body } = definition;
  const shapes: Shapes = { ...(params && { params }), ...(query && { query }), ...(body && { body }) };
  // The router validates by these very shapes before it calls, so that the narrower type holds.
  const handle = definition.handle as unknown as Route['handle'];
  return { method, path, who, status, shapes, handle };
}

export const openRoute = <S extends Shapes>(definition: Definition<S, undefined>): Route => define('anyone', definition);
export const userRoute = <S extends Shapes>(definition: Definition<S, Principal>): Route => define('user', definition);
export const roleRoute = <S extends Shapes>(roles: readonly Role[], definition: Definition<S, Principal>): Route => define(roles, definition);
