import type { CameraProblem } from '../camera/diagnosis.ts';
import type { Gate } from '../camera/live-check.ts';

/** One thing that was looked at. `bad`: no exam can be sat so; `note`: one can, with less. */
export interface Finding {
  readonly what: string;
  readonly state: 'good' | 'note' | 'bad' | 'open';
  readonly says: string;
}

export interface BrowserFeatures {
  readonly secure: boolean;
  readonly webSocket: boolean;
  readonly camera: boolean;
  readonly worker: boolean;
  readonly database: boolean;
  readonly fullscreen: boolean;
}

/** What the browser has. Pure. */
export function browserFindings({
  secure,
  webSocket,
  camera,
  worker,
  database,
  fullscreen,
}: BrowserFeatures): Finding[] {
  return [
    {
      what: 'Secure page',
      state: secure ? 'good' : 'bad',
      says: secure ? 'Yes' : 'No: the address has to begin with https://',
    },
    {
      what: 'WebSocket',
      state: webSocket ? 'good' : 'bad',
      says: webSocket ? 'Yes' : 'No: bring the browser up to date, or take another one',
    },
    {
      what: 'Camera access',
      state: camera ? 'good' : 'bad',
      says: camera ? 'Yes' : 'No: this browser gives this page no camera',
    },
    {
      what: 'Worker',
      state: worker ? 'good' : 'note',
      says: worker ? 'Yes' : 'No: pictures take some of the page’s own time',
    },
    {
      what: 'Storage',
      state: database ? 'good' : 'note',
      says: database ? 'Yes' : 'No: reports that wait do not survive a reload',
    },
    {
      what: 'Full screen',
      state: fullscreen ? 'good' : 'note',
      says: fullscreen ? 'Yes' : 'No: fine, unless your exam asks for it',
    },
  ];
}

/** What the connection test found; undefined while it runs. */
export interface Connection {
  /** Of one small request there and back, ms; undefined: no answer. */
  readonly roundTripMs: number | undefined;
  readonly vision: string | undefined;
  readonly store: string | undefined;
}

const SLOW_MS = 800;

/** Pure. */
export function connectionFindings(connection: Connection | undefined): Finding[] {
  if (!connection) return [{ what: 'Connection', state: 'open', says: 'Being tested …' }];
  const { roundTripMs: ms, vision, store } = connection;
  if (ms === undefined) return [{ what: 'Connection', state: 'bad', says: 'The server does not answer' }];
  const time = `there and back in ${Math.round(ms)} ms`;
  return [
    {
      what: 'Connection',
      state: ms > SLOW_MS ? 'note' : 'good',
      says: ms > SLOW_MS ? `Slow: ${time}` : `Good: ${time}`,
    },
    {
      what: 'Server',
      state: store === 'there' ? 'good' : 'note',
      says: store === 'there' ? 'Ready for exams' : 'Not ready at the moment',
    },
    {
      what: 'Looks at pictures',
      state: vision === 'on' ? 'good' : 'note',
      says: vision === 'on' ? 'Yes' : 'Not at the moment; exams can be sat all the same',
    },
  ];
}

export type CameraFinding =
  | { readonly at: 'off' | 'asking' }
  | { readonly at: 'failed'; readonly problem: CameraProblem }
  | { readonly at: 'live'; readonly gate: Gate; readonly words: string };

/** Pure. */
export function cameraFindings(camera: CameraFinding, titleOf: (problem: CameraProblem) => string): Finding[] {
  if (camera.at === 'failed') return [{ what: 'Camera', state: 'bad', says: titleOf(camera.problem) }];
  if (camera.at !== 'live') return [{ what: 'Camera', state: 'open', says: 'Not tried yet' }];
  const { gate, words } = camera;
  const seen = gate.open && gate.why === 'face';
  return [
    { what: 'Camera', state: 'good', says: 'On' },
    {
      what: 'Picture',
      state: seen ? (words === '' ? 'good' : 'note') : gate.open ? 'note' : 'open',
      says: words === '' ? 'Your face is well seen' : words,
    },
  ];
}

export interface Result {
  readonly state: Finding['state'];
  readonly says: string;
}

/** The result in a sentence. Pure. */
export function resultOf(findings: readonly Finding[]): Result {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  if (count('bad') > 0)
    return { state: 'bad', says: 'You cannot sit an exam with this yet: see what is marked as a problem.' };
  if (count('open') > 0) return { state: 'open', says: 'The check is not complete yet.' };
  if (count('note') > 0)
    return { state: 'note', says: 'You can sit an exam with this. Something could be better: see what has a note.' };
  return { state: 'good', says: 'All is well: you can sit an exam with this.' };
}

const MARKS: Record<Finding['state'], string> = { good: 'OK', note: 'NOTE', bad: 'PROBLEM', open: 'OPEN' };

/** To copy, for whoever helps. Has nothing that tells who somebody is. Pure. */
export function summaryText(
  findings: readonly Finding[],
  context: { readonly server: string; readonly browser: string; readonly at: string },
): string {
  const lines = findings.map(({ what, state, says }) => `${MARKS[state].padEnd(8)}${what}: ${says}`);
  return [
    `Invigil system check of ${context.server}, ${context.at}`,
    resultOf(findings).says,
    '',
    ...lines,
    '',
    `Browser: ${context.browser}`,
  ].join('\n');
}
