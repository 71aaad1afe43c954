import type { Exchange } from '../pipeline/exchange.ts';

const PREFLIGHT_SECONDS = '600';
const ALLOWED_HEADERS = 'Authorization, Content-Type, Idempotency-Key';
const SHOWN_HEADERS = 'Retry-After, Idempotency-Replayed, Link, X-Next-Cursor';

/**
 * Lets pages of allowed origins read the response (Fetch standard, CORS protocol). Other origins get no CORS headers.
 */
export function allowOrigin(exchange: Exchange, allowed: readonly string[]): boolean {
  const origin = exchange.header('origin');
  if (origin === '' || !allowed.includes(origin)) {
    if (origin !== '') exchange.addHeaders({ Vary: 'Origin' });
    return false;
  }
  exchange.addHeaders({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': SHOWN_HEADERS,
    Vary: 'Origin',
  });
  return true;
}

/** Answers a CORS preflight request. */
export function answerPreflight(exchange: Exchange, allowed: readonly string[], methods: string): void {
  const granted = allowOrigin(exchange, allowed);
  exchange.answer(204, undefined, {
    Allow: methods,
    ...(granted && {
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': PREFLIGHT_SECONDS,
    }),
  });
}
