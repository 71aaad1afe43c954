/**
 * Detail of the `unavailable` problem of a request that waited too long for its turn. It was given up before it began,
 * so that a client may repeat it, whatever its method.
 */
export const SERVER_BUSY = 'server is busy';
