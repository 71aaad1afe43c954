/** Entry of the package `@invigil/client`: the connection, for browsers and Node. */

export type { EndReason, Analysis, Throttle } from '../../protocol/down.ts';
export { CLOSE, type CloseCode, type ErrorCode, ProtocolError } from '../../protocol/errors.ts';
export { SIGNALS } from '../../protocol/event-types.ts';
export type { Event as ProctorEvent, Risk } from '../../protocol/events.ts';
export type { Backoff } from './backoff.ts';
export { type ClientOptions, InvigilClient } from './client.ts';
export type { ClientEvents, Ended, Uplink, Welcome } from './client-events.ts';
export type { WaitingMessage } from './conversation.ts';
export type { FrameCounts } from './frame-sender.ts';
export type { LinkOptions, TicketAnswer } from './link-options.ts';
export type { LinkState, StateChange } from './link-state.ts';
export type { PictureSettings } from './picture-settings.ts';
export type { SignalBody } from './signal-queue.ts';
export type { SignalStore, StoredRun } from './signal-store.ts';
export type { PageState } from './state-reports.ts';
export type { SocketConstructor, SocketLike } from './socket.ts';
