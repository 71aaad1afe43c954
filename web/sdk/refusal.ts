/** Reason for which the server refuses this page's sockets: a setting that its operator has to change. */
export interface SocketRefusal {
  readonly code: 'bad_origin' | 'unknown_host' | 'websocket_blocked';
  readonly setting: 'PUBLIC_URL' | 'ALLOWED_ORIGINS' | 'proxy';
  /** Origin that the setting has to contain; null if unknown, and for the proxy. */
  readonly origin: string | null;
  readonly detail: string;
}

const TIMEOUT_MS = 5_000;

/**
 * Asks the server why sockets fail, which a browser does not tell.
 * @param server URL of the server
 * @returns undefined if it would accept them, is an older one, or does not answer
 */
export async function askRefusal(server: string): Promise<SocketRefusal | undefined> {
  try {
    const url = `${server.replace(/\/+$/, '')}/api/socket-check?server=${encodeURIComponent(server)}`;
    const init = { method: 'POST', credentials: 'omit', cache: 'no-store' } as const;
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answer = (await response.json()) as Partial<SocketRefusal> & { readonly allowed?: unknown };
    const isRefusal = response.ok && answer.allowed === false && typeof answer.setting === 'string';
    return isRefusal ? (answer as SocketRefusal) : undefined;
  } catch {
    return undefined;
  }
}
