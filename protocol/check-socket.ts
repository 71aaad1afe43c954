/** Socket of the system check: `GET /ws/check`, without a ticket or a subprotocol. */
export const CHECK_PATH = '/ws/check';

/** Largest message that it takes, bytes. */
export const CHECK_MESSAGE_BYTES = 4096;
/** Bytes that one socket takes; enough for 3 s of what an exam sends. */
export const CHECK_MAX_BYTES = 256 * 1024;
/** The server closes the socket after this, ms. */
export const CHECK_LIFE_MS = 10_000;

/** Close codes; the exam's, where it has them. */
export const CHECK_CLOSE = {
  lifeOver: 1000,
  /** RFC 6455: try again later. The socket was one too many, or its network has sent too much. */
  busy: 1013,
  badMessage: 4400,
  tooMuch: 4429,
} as const;

/** First message of the server: its clock, ms since 1970. */
export interface CheckTime {
  readonly time: number;
}

/** Answer to each binary message: bytes received so far. */
export interface CheckReceived {
  readonly bytes: number;
}
