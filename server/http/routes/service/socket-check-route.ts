import { SocketCheck, SocketCheckQuery } from '../../../../protocol/http/socket-check.ts';
import type { ConnectionFaults } from '../../edge/connection-faults.ts';
import { openRoute, Reply, type Route } from '../../pipeline/route.ts';

/** Browsers do not tell a page why its socket failed, and send `Origin` with a POST only. */
export const socketCheckRoute = (faults: Pick<ConnectionFaults, 'explain'>): Route =>
  openRoute({
    line: 'own',
    method: 'POST',
    path: '/api/socket-check',
    tag: 'Service',
    summary: 'Tells a page why its sockets are refused',
    description: 'For pages of every origin and requests for every host name: by `Origin` and `Host` of the request.',
    query: SocketCheckQuery,
    answer: SocketCheck,
    handle: ({ from, address, query: { server } }) =>
      Promise.resolve(
        new Reply(200, faults.explain({ ...from, server, address }), { 'Access-Control-Allow-Origin': '*' }),
      ),
  });
