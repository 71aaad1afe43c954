import type { NetworkConfig } from './network.ts';

export interface OwnAddress {
  /** Without a slash at its end. */
  readonly base: string;
  readonly from: '--url' | 'PUBLIC_URL' | 'HOST and PORT';
}

type Reach = Pick<NetworkConfig, 'host' | 'port' | 'publicUrls' | 'basePath'>;

/** Address of the running server, for commands beside it: the given one, the first public one, or the one it listens on. */
export function ownAddress({ host, port, publicUrls, basePath }: Reach, url?: string): OwnAddress {
  if (url !== undefined) return { base: url.replace(/\/+$/, ''), from: '--url' };
  const [publicUrl] = publicUrls;
  return publicUrl === undefined
    ? { base: `http://${shown(host)}:${port}${basePath}`, from: 'HOST and PORT' }
    : { base: publicUrl + basePath, from: 'PUBLIC_URL' };
}

const shown = (host: string) =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
