import { FetchFailure } from './failure.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** https, or a mirror on this machine. */
function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/** @throws FetchFailure for a URL that is not allowed */
export function checkAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return url;
  throw new FetchFailure('bad_address', `${address} is not an https URL`);
}

/**
 * GET that follows redirects to https only. (To http on loopback only from loopback: a remote server must not choose
 * it.) The body is not content-encoded, so that size and byte ranges apply.
 * @throws FetchFailure, or the network error
 */
export async function request(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = checkAddress(address);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await fetch(url, {
      headers: { ...headers, 'accept-encoding': 'identity' },
      redirect: 'manual',
      signal,
    });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    url = redirected(url, location);
  }
  throw new FetchFailure('redirect_refused', `${address} redirects more than ${MAX_REDIRECTS} times`);
}

function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (
    to?.protocol === 'https:' ||
    (to?.protocol === 'http:' && isLoopback(to) && isLoopback(from) && from.protocol === 'http:')
  )
    return to;
  throw new FetchFailure('redirect_refused', `${from.href} redirects to ${location}, which is not https`);
}
