import type { CameraProblem } from '../camera/diagnosis.ts';
import type { Gate } from '../camera/live-check.ts';
import { t } from './messages.ts';

/** Result of one check. `bad`: an exam is impossible; `note`: it is possible, with limitations; `open`: pending. */
export interface Finding {
  readonly name: string;
  readonly state: 'good' | 'note' | 'bad' | 'open';
  readonly result: string;
}

export interface BrowserFeatures {
  readonly secure: boolean;
  readonly webSocket: boolean;
  readonly camera: boolean;
  readonly worker: boolean;
  readonly database: boolean;
  readonly fullscreen: boolean;
}

const feature = (name: string, has: boolean, without: 'bad' | 'note', lack: string): Finding => ({
  name,
  state: has ? 'good' : without,
  result: has ? t.yes : lack,
});

/** Pure: support for the features that the exam page uses. */
export const browserFindings = (has: BrowserFeatures): Finding[] => [
  feature(t.securePage, has.secure, 'bad', t.notSecure),
  feature(t.webSocket, has.webSocket, 'bad', t.noWebSocket),
  feature(t.cameraAccess, has.camera, 'bad', t.noCameraAccess),
  feature(t.worker, has.worker, 'note', t.noWorker),
  feature(t.storage, has.database, 'note', t.noStorage),
  feature(t.fullScreen, has.fullscreen, 'note', t.noFullScreen),
];

/** Result of the connection test. */
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
  if (roundTripMs === undefined) return [{ name: t.connection, state: 'bad', result: t.serverSilent }];
  const ms = Math.round(roundTripMs);
  return [
    {
      name: t.connection,
      state: ms > SLOW_MS ? 'note' : 'good',
      result: ms > SLOW_MS ? t.roundTripSlow(ms) : t.roundTripGood(ms),
    },
    {
      name: t.server,
      state: database === 'up' ? 'good' : 'note',
      result: database === 'up' ? t.serverReady : t.serverNotReady,
    },
    {
      name: t.analysis,
      state: vision === 'on' ? 'good' : 'note',
      result: vision === 'on' ? t.analysisOn : t.analysisOff,
    },
  ];
}

export type CameraFinding =
  | { readonly at: 'off' | 'asking' }
  | { readonly at: 'failed'; readonly problem: CameraProblem }
  /** `hint`: advice about the last image, empty when it is good. */
  | { readonly at: 'live'; readonly gate: Gate; readonly hint: string };

/** Pure. */
export function cameraFindings(camera: CameraFinding, titleOf: (problem: CameraProblem) => string): Finding[] {
  if (camera.at === 'failed') return [{ name: t.camera, state: 'bad', result: titleOf(camera.problem) }];
  if (camera.at !== 'live') return [{ name: t.camera, state: 'open', result: t.cameraNotTested }];
  const { gate, hint } = camera;
  const seen = gate.open && gate.why === 'face';
  return [
    { name: t.camera, state: 'good', result: t.cameraOn },
    {
      name: t.image,
      state: seen ? (hint === '' ? 'good' : 'note') : gate.open ? 'note' : 'open',
      result: hint === '' ? t.faceVisible : hint,
    },
  ];
}

export interface Result {
  readonly state: Finding['state'];
  readonly text: string;
}

/** Pure: the overall result, decided by the worst finding. */
export function resultOf(findings: readonly Finding[]): Result {
  const has = (state: Finding['state']) => findings.some((finding) => finding.state === state);
  if (has('bad')) return { state: 'bad', text: t.notReady };
  if (has('open')) return { state: 'open', text: t.incomplete };
  if (has('note')) return { state: 'note', text: t.readyWithNotes };
  return { state: 'good', text: t.ready };
}

/** Pure: all findings as plain text for support, without personal data. */
export function summaryText(
  findings: readonly Finding[],
  context: { readonly server: string; readonly browser: string; readonly at: string },
): string {
  const lines = findings.map(({ name, state, result }) => `${t.summaryMarks[state].padEnd(8)}${name}: ${result}`);
  return [
    t.summaryTitle(context.server, context.at),
    resultOf(findings).text,
    '',
    ...lines,
    '',
    t.summaryBrowser(context.browser),
  ].join('\n');
}
