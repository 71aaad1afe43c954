type Headers = Readonly<Record<string, string>>;

/** Two years, as the browsers' preload lists require; without subdomains, which may be other servers. */
const HSTS = 'max-age=63072000';

/**
 * Defaults of every response: not a page, script or picture, not framed, not cached. Pages and the SDK override them.
 */
const SAFE_HEADERS: Headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

const SAFE_BY_TLS: Headers = { ...SAFE_HEADERS, 'Strict-Transport-Security': HSTS };

/** @param secure the request came over TLS; browsers ignore Strict-Transport-Security otherwise */
export const safeHeaders = (secure: boolean): Headers => (secure ? SAFE_BY_TLS : SAFE_HEADERS);
