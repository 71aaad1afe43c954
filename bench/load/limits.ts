/** What the server's limits are called in `invigil_shed_total`, and what to do about each. */
const ADVICE: Readonly<Record<string, string>> = {
  connections:
    'MAX_CONNECTIONS: the server has as many connections as it takes in all; raise it, with the limit of open files (ulimit -n)',
  connections_per_address:
    'CONNECTIONS_PER_ADDRESS: too many new connections from this address within 10 s; raise it, or begin more slowly with --ramp',
  sockets_per_user: 'SOCKETS_PER_USER: one user has as many sockets as one may have',
  sockets_per_address:
    'SOCKETS_PER_ADDRESS: this address has as many sockets as one may have; raise it, or run parts of the test from several machines',
  unconfirmed_sockets:
    'SOCKETS_PER_ADDRESS: half as many sockets of one address may wait for their greeting; raise it, or begin more slowly with --ramp',
  refused_upgrades: 'no setting: 100 sockets of this address were refused before that, and the reason of those counts',
};

/** What the limits that were met are about. @param shed how often each was met, by its name */
export function limitAdvice(shed: ReadonlyMap<string, number>): string[] {
  return [...shed]
    .filter(([, count]) => count > 0)
    .map(
      ([limit, count]) =>
        `a limit of the server was met ${count} ${count === 1 ? 'time' : 'times'}: ${ADVICE[limit] ?? limit}`,
    );
}

/**
 * The same where the server's own figures cannot be read. @param refusals of sockets, by HTTP status or what the
 * network said
 */
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
