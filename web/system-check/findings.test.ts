import { expect, test } from 'vitest';
import { browserFindings, cameraFindings, connectionFindings, type Finding, measuredFindings } from './findings.ts';
import type { Measured } from './measured.ts';
import { resultOf, summaryText } from './result.ts';
import { judgeUplink } from './uplink.ts';

const BROWSER = { secure: true, camera: true, worker: true, fullscreen: true };
const CONNECTED = { roundTripMs: 12.3, vision: 'on', database: 'up' };
const MEASURED: Measured = { socket: 'open', uplink: judgeUplink(500_000), storage: 'works', clockOffsetMs: 120 };
const SEEN = { at: 'live', gate: { open: true, why: 'face' }, hint: '' } as const;

const titleOf = (problem: string) => `title of ${problem}`;
const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);
const all = (
  browser = BROWSER,
  connection: Parameters<typeof connectionFindings>[0] = CONNECTED,
  camera: Parameters<typeof cameraFindings>[0] = SEEN,
  measured: Measured = MEASURED,
) => [
  ...browserFindings(browser),
  ...connectionFindings(connection),
  ...measuredFindings(measured),
  ...cameraFindings(camera, titleOf),
];
const measured = (changes: Partial<Measured>) => all(BROWSER, CONNECTED, SEEN, { ...MEASURED, ...changes });
const reasons = (findings: readonly Finding[]) => findings.flatMap(({ reason }) => reason ?? []);

test('a computer with everything is ready, and there is nothing to do', () => {
  expect(new Set(states(all()))).toEqual(new Set(['good']));
  expect(resultOf(all(), false)).toMatchObject({ state: 'good', headline: 'This computer is ready' });
});

test('only a missing requirement is a problem; limitations and a slow connection are notes', () => {
  const stateOf = (findings: readonly Finding[]) => resultOf(findings, false).state;
  expect(stateOf(all({ ...BROWSER, secure: false, camera: false }))).toBe('bad');
  expect(stateOf(all({ ...BROWSER, worker: false, fullscreen: false }))).toBe('note');
  expect(stateOf(all(BROWSER, { roundTripMs: undefined, vision: undefined, database: undefined }))).toBe('bad');
  expect(stateOf(all(BROWSER, { ...CONNECTED, vision: 'off' }))).toBe('note');
  expect(states(connectionFindings({ ...CONNECTED, roundTripMs: 801, database: 'down' }))).toEqual([
    'note',
    'note',
    'good',
  ]);
});

test.each([
  [{ socket: 'blocked', uplink: undefined }, 'bad', 'Something needs fixing', ['websocket_blocked', 'uplink_untested']],
  [{ uplink: judgeUplink(7000) }, 'bad', 'Something needs fixing', ['uplink_too_slow']],
  [{ uplink: judgeUplink(20_000) }, 'note', 'Ready, with one thing to look at', ['uplink_reduced']],
  [{ storage: 'blocked' }, 'note', 'Ready, with one thing to look at', ['site_data_blocked']],
  [
    { socket: 'silent', uplink: undefined },
    'untested',
    'The live connection could not be tested',
    ['websocket_untested', 'uplink_untested'],
  ],
  [{ uplink: undefined }, 'untested', 'Ready, with one thing to look at', ['uplink_untested']],
  [
    { socket: 'busy', uplink: undefined },
    'untested',
    'Ready, with 2 things to look at',
    ['websocket_untested_busy', 'uplink_untested'],
  ],
] as [Partial<Measured>, string, string, string[]][])(
  'with %j the answer is %s: %s, with the reasons %j',
  (changes, state, headline, expected) => {
    expect(resultOf(measured(changes), false)).toMatchObject({ state, headline });
    expect(reasons(measured(changes))).toEqual(expected);
  },
);

test('a wrong clock is shown but is not a fault', () => {
  const findings = measured({ clockOffsetMs: -25 * 60_000 });
  expect(resultOf(findings, false).state).toBe('good');
  expect(findings.find(({ name }) => name === 'Clock')?.result).toMatch(/^25 min.* slow\. This does not matter/);
});

test('the check is complete once the camera was tested and a face was detected', () => {
  expect(resultOf([...all(), ...measuredFindings(undefined)], false).state).toBe('open');
  expect(resultOf(all(BROWSER, CONNECTED, { at: 'off' }), true)).toMatchObject({
    state: 'open',
    steps: ['Select “Turn on camera” below.'],
  });
  expect(cameraFindings({ at: 'failed', problem: 'in_use' }, titleOf)).toMatchObject([
    { name: 'Camera', state: 'bad', result: 'title of in_use', reason: 'camera_in_use' },
  ]);
  const imageAt = (gate: { open: false } | { open: true; why: 'busy' | 'unseen' | 'face' }, hint: string) =>
    states(cameraFindings({ at: 'live', gate, hint }, titleOf));
  expect(imageAt({ open: false }, 'No face.')).toEqual(['good', 'open']);
  expect(imageAt({ open: true, why: 'busy' }, 'Busy.')).toEqual(['good', 'untested']);
  expect(imageAt({ open: true, why: 'unseen' }, 'No face.')).toEqual(['good', 'note']);
  expect(imageAt({ open: true, why: 'face' }, 'It is too dark.')).toEqual(['good', 'note']);
});

test('the summary is plain text with reason codes and without personal data', () => {
  const context = { server: 'https://exams.example.org', browser: 'a browser', at: '2026-01-01 10:00' };
  const findings = measuredFindings({ ...MEASURED, socket: 'blocked', uplink: undefined });
  expect(summaryText(findings, resultOf(findings, false).headline, context))
    .toBe(`Invigil system check of https://exams.example.org, 2026-01-01 10:00
Something needs fixing

PROBLEM  Live connection: No: something between this computer and the server blocks WebSockets [websocket_blocked]
UNTESTED Upload speed: Could not be tested without a live connection [uplink_untested]
OK       Storage: Yes: a value was written and read back
OK       Clock: Correct

Browser: a browser`);
});
