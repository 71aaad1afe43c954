type Headers = Readonly<Record<string, string>>;

/** Two years, as the lists that browsers come with ask for; subdomains are not this server's to speak for. */
const HSTS = 'max-age=63072000';

/**
 * Of every answer, for what makes nothing of it: no page, script or picture, in no frame, kept nowhere. Pages and the
 * SDK say what is different.
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

/** @param secure the request came by TLS (only then does a browser believe the promise to go on with it) */
export const safeHeaders = (secure: boolean): Headers => (secure ? SAFE_BY_TLS : SAFE_HEADERS);
