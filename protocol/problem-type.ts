/** `type` of a problem document (RFC 9457) of this server. */
export const problemType = (code: string): string => `urn:invigil:error:${code}`;

/**
 * Whether a body is a problem of this server. Captive portals, proxies and servers that are being replaced answer 401,
 * 403, 404 or 502 of their own, and only for a while.
 */
export function isOwnProblem<T>(body: T): body is T & { readonly type: string; readonly code: string } {
  if (typeof body !== 'object' || body === null) return false;
  const { type, code } = body as { type?: unknown; code?: unknown };
  return typeof code === 'string' && code !== '' && type === problemType(code);
}
