/** Entry of the package `@invigil/protocol`: messages, frames and codes of the sockets. Other modules are subpaths. */

export { encodeDown, MAX_TEXT_BYTES, parseConsoleMessage, parseExamMessage } from './codec.ts';
export { Command, ConsoleMessage, Subscribe } from './console.ts';
export { Analysis, ConsoleDown, END_REASONS, EndReason, ExamDown, SessionView, Throttle } from './down.ts';
export {
  CLOSE,
  type CloseCode,
  ERROR_CODES,
  type ErrorCode,
  type FieldFault,
  ProtocolError,
  type ProtocolErrorOptions,
} from './errors.ts';
export { INCIDENTS, LEVELS, SEVERITIES, SIGNALS, SOURCES } from './event-types.ts';
export { Event, Id, Risk, Timestamp } from './events.ts';
export { Answer, ExamMessage, Hello, Signal, State } from './exam.ts';
export {
  decodeFrame,
  decodeWatched,
  encodeFrame,
  encodeWatched,
  type Frame,
  type FrameHeader,
  MAX_FRAME_BYTES,
  type WatchedFrame,
} from './frame.ts';
export { DIRECTIONS, REQUEST_ANSWERS, REQUEST_ENDS, REQUEST_KINDS } from './request-kinds.ts';
export { HISTORY, OLDEST_SUPPORTED, PROTOCOL, TICKET_PREFIX, VERSION } from './version.ts';
