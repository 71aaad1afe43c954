/** Entry of `invigil.js` and of `@invigil/client/browser`. */

export type { Analysis, EndReason, Throttle } from '../../../protocol/down.ts';
export type { Event as ProctorEvent, Risk } from '../../../protocol/events.ts';
export type { ClientEvents, Ended, Uplink, Welcome } from '../client-events.ts';
export type { LinkState, StateChange } from '../link-state.ts';
export type { PictureSettings } from '../picture-settings.ts';
export type { CameraChange, CameraLoss } from './camera.ts';
export type { CameraFault } from './camera-reason.ts';
export type { CapturePath } from './capture.ts';
export type { InvigilError, InvigilEvents, InvigilOptions } from './invigil.ts';
export type { TicketGiven } from './tickets.ts';
export { Invigil } from './invigil.ts';
export { Invigil as default } from './invigil.ts';
