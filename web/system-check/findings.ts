import type { CameraProblem } from '../camera/diagnosis.ts';
import type { Gate } from '../camera/live-check.ts';
import type { Measured } from './measured.ts';
import { t } from './messages.ts';

/**
 * - `bad` an exam is impossible
 * - `note` it is possible, with limitations
 * - `untested` the check could not find out
 * - `open` pending
 */
export type FindingState = 'good' | 'note' | 'bad' | 'untested' | 'open';

/** Result of one check. */
export interface Finding {
  readonly name: string;
  readonly state: FindingState;
  readonly result: string;
  /** Stable reason for technical support, where something is to be fixed. */
  readonly reason?: string;
  /** Next step for the student. */
  readonly fix?: string;
}

export interface BrowserFeatures {
  readonly secure: boolean;
  readonly camera: boolean;
  readonly worker: boolean;
  readonly fullscreen: boolean;
}

interface Lack {
  readonly state: 'bad' | 'note';
  readonly result: string;
  readonly reason: string;
  readonly fix: string;
}

const feature = (name: string, has: boolean, lack: Lack): Finding =>
  has ? { name, state: 'good', result: t.yes } : { name, ...lack };

/** Pure: support for the features that the exam page uses. */
export const browserFindings = (has: BrowserFeatures): Finding[] => [
  feature(t.securePage, has.secure, { state: 'bad', result: t.notSecure, reason: 'insecure_page', fix: t.fixSecure }),
  feature(t.cameraAccess, has.camera, {
    state: 'bad',
    result: t.noCameraAccess,
    reason: 'no_camera_api',
    fix: t.fixBrowser,
  }),
  feature(t.worker, has.worker, { state: 'note', result: t.noWorker, reason: 'no_worker', fix: t.fixBrowser }),
  feature(t.fullScreen, has.fullscreen, {
    state: 'note',
    result: t.noFullScreen,
    reason: 'no_full_screen',
    fix: t.fixFullScreen,
  }),
];

/** Responses of the server. */
export interface Connection {
  /** Of one small request, ms; undefined: no response. */
  readonly roundTripMs: number | undefined;
  readonly vision: string | undefined;
  readonly database: string | undefined;
}

const SLOW_MS = 800;

/** Pure. @param connection undefined while the test runs */
export function connectionFindings(connection: Connection | undefined): Finding[] {
  if (!connection) return [{ name: t.connection, state: 'open', result: t.testing }];
  const { roundTripMs, vision, database } = connection;
  if (roundTripMs === undefined)
    return [{ name: t.connection, state: 'bad', result: t.serverSilent, reason: 'server_silent', fix: t.fixSilent }];
  const ms = Math.round(roundTripMs);
  return [
    ms > SLOW_MS
      ? { name: t.connection, state: 'note', result: t.roundTripSlow(ms), reason: 'slow_answers', fix: t.fixUplink }
      : { name: t.connection, state: 'good', result: t.roundTripGood(ms) },
    database === 'up'
      ? { name: t.server, state: 'good', result: t.serverReady }
      : { name: t.server, state: 'note', result: t.serverNotReady, reason: 'server_not_ready', fix: t.fixLater },
    vision === 'on'
      ? { name: t.analysis, state: 'good', result: t.analysisOn }
      : { name: t.analysis, state: 'note', result: t.analysisOff, reason: 'analysis_off', fix: t.fixNothing },
  ];
}

/** A clock that is off by more is mentioned, ms. */
const CLOCK_MS = 30_000;

/** Pure: real tests of socket, uplink, clock and database. @param measured undefined while they run */
export function measuredFindings(measured: Measured | undefined): Finding[] {
  const names = [t.webSocket, t.uplink, t.storage, t.clock];
  if (!measured) return names.map((name) => ({ name, state: 'open', result: t.testing }));
  return [
    socketFinding(measured.socket),
    uplinkFinding(measured),
    storageFinding(measured.storage),
    clockFinding(measured.clockOffsetMs),
  ];
}

function socketFinding(socket: Measured['socket']): Finding {
  const name = t.webSocket;
  switch (socket) {
    case 'open':
      return { name, state: 'good', result: t.socketOpened };
    case 'unsupported':
      return { name, state: 'bad', result: t.noWebSocket, reason: 'websocket_unsupported', fix: t.fixBrowser };
    case 'blocked':
      return { name, state: 'bad', result: t.socketBlocked, reason: 'websocket_blocked', fix: t.fixSocket };
    case 'busy':
      return { name, state: 'untested', result: t.untestedBusy, reason: 'websocket_untested_busy', fix: t.fixLater };
    case 'silent':
      return { name, state: 'untested', result: t.untestedSilent, reason: 'websocket_untested', fix: t.fixLater };
  }
}

function uplinkFinding({ socket, uplink }: Measured): Finding {
  const name = t.uplink;
  if (uplink === undefined) {
    const untested = { name, state: 'untested', reason: 'uplink_untested' } as const;
    // Without a socket, its own line has the next step.
    if (socket !== 'open' && socket !== 'busy') return { ...untested, result: t.untestedSocket };
    return { ...untested, result: t.untestedBusy, fix: t.fixLater };
  }
  const rate = Math.round(uplink.bytesPerSecond / 1000);
  switch (uplink.verdict) {
    case 'enough':
      return { name, state: 'good', result: t.uplinkEnough };
    case 'reduced':
      return { name, state: 'note', result: t.uplinkReduced(rate), reason: 'uplink_reduced', fix: t.fixUplink };
    case 'too_slow':
      return { name, state: 'bad', result: t.uplinkTooSlow(rate), reason: 'uplink_too_slow', fix: t.fixUplink };
  }
}

function storageFinding(storage: Measured['storage']): Finding {
  const name = t.storage;
  switch (storage) {
    case 'works':
      return { name, state: 'good', result: t.storageWorks };
    case 'blocked':
      return { name, state: 'note', result: t.noStorage, reason: 'site_data_blocked', fix: t.fixStorage };
    case 'silent':
      return { name, state: 'untested', result: t.storageSilent, reason: 'storage_untested', fix: t.fixRestart };
  }
}

/** Never a problem: exams use the server's clock. */
function clockFinding(offsetMs: number | undefined): Finding {
  const name = t.clock;
  if (offsetMs === undefined) return { name, state: 'untested', result: t.clockUntested };
  if (Math.abs(offsetMs) <= CLOCK_MS) return { name, state: 'good', result: t.clockRight };
  return { name, state: 'good', result: t.clockOff(Math.abs(offsetMs), offsetMs > 0) };
}

export type CameraFinding =
  | { readonly at: 'off' | 'asking' }
  | { readonly at: 'failed'; readonly problem: CameraProblem }
  /** `hint`: advice about the last image, empty when it is good. */
  | { readonly at: 'live'; readonly gate: Gate; readonly hint: string };

/** Pure. */
export function cameraFindings(camera: CameraFinding, titleOf: (problem: CameraProblem) => string): Finding[] {
  const name = t.camera;
  if (camera.at === 'failed') {
    const { problem } = camera;
    return [{ name, state: 'bad', result: titleOf(problem), reason: `camera_${problem}`, fix: t.fixCamera }];
  }
  if (camera.at !== 'live') return [{ name, state: 'open', result: t.cameraNotTested }];
  const { gate, hint } = camera;
  const seen = gate.open && gate.why === 'face';
  const good = seen && hint === '';
  const image: Finding = { name: t.image, state: 'good', result: t.faceVisible };
  const waiting: Finding = { name: t.image, state: 'open', result: hint };
  // Without analysis, its own line says so.
  const off: Finding = { name: t.image, state: 'untested', result: hint };
  const noted: Finding = {
    name: t.image,
    state: seen || (gate.open && gate.why === 'unseen') ? 'note' : 'untested',
    result: hint,
    reason: gate.open && gate.why !== 'face' ? `image_${gate.why}` : 'image_quality',
    fix: hint,
  };
  return [
    { name, state: 'good', result: t.cameraOn },
    good ? image : !gate.open ? waiting : gate.why === 'off' ? off : noted,
  ];
}
