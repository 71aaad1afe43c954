export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** Parts of a `postgres://` URL, decoded. */
export interface DatabaseUrl {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Names, addresses and folders of Unix sockets. */
  readonly hosts: readonly string[];
  /** One for each host, or one for all. */
  readonly ports: readonly (number | undefined)[];
  readonly database: string | undefined;
  /** Such as `sslmode`. */
  readonly parameters: ReadonlyMap<string, string>;
}

const SCHEME = /^postgres(?:ql)?:\/\//;
const HOST = String.raw`(?:\[[0-9a-fA-F:.%]+\]|[^@/?#:,[\]]*)(?::\d*)?`;
const REST = String.raw`(?<hosts>${HOST}(?:,${HOST})*)(?:\/(?<database>[^@/?#]*))?(?:\?(?<query>[^#]*))?`;
/** User and password as the standard for URLs wants them. */
const STRICT = new RegExp(String.raw`^(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?${REST}$`);
/** A password with reserved characters as they are, as password generators make it: it ends at the last `@`. */
const TOLERANT = new RegExp(String.raw`^(?<user>[^:@/?#]*):(?<password>.*)@${REST}$`, 's');
const QUERY = /^(?:[A-Za-z_]+=[^&]*(?:&|$))*$/;

/** A `%` that begins no escape stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-fA-F]{2})/g, '%25'));
  } catch {
    return text;
  }
}

/** Reads a URL as libpq does: several hosts, sockets, parameters. @returns undefined if it is none */
export function parseDatabaseUrl(url: string): DatabaseUrl | undefined {
  if (!SCHEME.test(url)) return undefined;
  const text = url.replace(SCHEME, '');
  for (const pattern of [STRICT, TOLERANT]) {
    const found = pattern.exec(text)?.groups;
    if (found && QUERY.test(found['query'] ?? '')) return partsOf(found);
  }
  return undefined;
}

function partsOf(found: Record<string, string | undefined>): DatabaseUrl | undefined {
  const parameters = new Map(
    (found['query'] ?? '')
      .split('&')
      .filter(Boolean)
      .map((pair): [string, string] => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), decode(pair.slice(at + 1))];
      }),
  );
  const listed = (found['hosts'] ?? '').split(/,(?![^[]*\])/).map((one) => {
    const match = /^(?:\[(?<six>[^\]]+)\]|(?<name>[^:]*))(?::(?<port>\d*))?$/.exec(one)?.groups;
    return { host: decode(match?.['six'] ?? match?.['name'] ?? ''), port: match?.['port'] || undefined };
  });
  const given = listed.some(({ host, port }) => host !== '' || port !== undefined) ? listed : [];
  const hosts = parameters.get('host')?.split(',') ?? given.map(({ host }) => host || 'localhost');
  const ports = parameters.get('port')?.split(',') ?? given.map(({ port }) => port);
  if (ports.some((port) => port !== undefined && port !== '' && !(Number(port) >= 1 && Number(port) <= 65_535)))
    return undefined;
  const text = (value: string | undefined) => (value === undefined || value === '' ? undefined : decode(value));
  return {
    user: parameters.get('user') ?? text(found['user']),
    password: parameters.get('password') ?? text(found['password']),
    hosts,
    ports: ports.map((port) => (port ? Number(port) : undefined)),
    database: parameters.get('dbname') ?? text(found['database']),
    parameters,
  };
}

/** Writes the parts as a URL that `parseDatabaseUrl` reads. */
export function formatDatabaseUrl({ user, password, hosts, ports, database, parameters }: DatabaseUrl): string {
  const credentials =
    user === undefined && password === undefined
      ? ''
      : `${encodeURIComponent(user ?? '')}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
  const portOf = (index: number) => (ports.length > 1 ? ports[index] : ports[0]);
  const listed = hosts.map((host, index) => {
    const port = portOf(index);
    return `${host.includes(':') ? `[${host}]` : encodeURIComponent(host)}${port === undefined ? '' : `:${port}`}`;
  });
  const rest = [...parameters].filter(([name]) => !['host', 'port', 'user', 'password', 'dbname'].includes(name));
  const query = rest.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const path = `/${encodeURIComponent(database ?? '')}`;
  return `postgres://${credentials}${listed.join(',')}${path}${query === '' ? '' : `?${query}`}`;
}
