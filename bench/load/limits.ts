/** Names of the server's limits in `invigil_shed_total`, with advice for each. */
const ADVICE: Readonly<Record<string, string>> = {
  connections:
    'MAX_CONNECTIONS: the server has reached its maximum number of connections; raise it, with the limit of open files (ulimit -n)',
  connections_per_address:
    'CONNECTIONS_PER_ADDRESS: too many new connections from this address within 10 s; raise it, or slow down the start with --ramp',
  sockets_per_user: 'SOCKETS_PER_USER: one user has reached the maximum number of sockets',
  sockets_per_address:
    'SOCKETS_PER_ADDRESS: this address has reached the maximum number of sockets; raise it, or run the test from several machines',
  unconfirmed_sockets:
    'SOCKETS_PER_ADDRESS: at most half as many sockets of one address may be waiting for their welcome; raise it, or slow down the start with --ramp',
  refused_upgrades: 'no setting: 100 sockets of this address were refused before; look at the reason of those',
};

/** Explains the limits that were reached. @param shed counts by the name of the limit */
export function limitAdvice(shed: ReadonlyMap<string, number>): string[] {
  return [...shed]
    .filter(([, count]) => count > 0)
    .map(
      ([limit, count]) =>
        `a limit of the server was reached ${count} ${count === 1 ? 'time' : 'times'}: ${ADVICE[limit] ?? limit}`,
    );
}

/** The same if the server's metrics cannot be read. @param refusals of sockets, by HTTP status or network error */
export function refusalAdvice(refusals: ReadonlyMap<string, number>): string[] {
  const many = refusals.get('429');
  const cut = (refusals.get('ECONNRESET') ?? 0) + (refusals.get('EPIPE') ?? 0);
  return [
    ...(many
      ? [
          `${many} sockets were refused with 429: a limit per address; SOCKETS_PER_ADDRESS on the server, or a proxy's own`,
        ]
      : []),
    ...(cut
      ? [
          `${cut} connections were cut while they opened: a limit per address; CONNECTIONS_PER_ADDRESS or MAX_CONNECTIONS on the server, or a proxy's own`,
        ]
      : []),
  ];
}
