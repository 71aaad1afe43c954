import { expect, test } from 'vitest';
import {
  browserFindings,
  cameraFindings,
  connectionFindings,
  type Finding,
  resultOf,
  summaryText,
} from './findings.ts';

const BROWSER = { secure: true, webSocket: true, camera: true, worker: true, database: true, fullscreen: true };
const titleOf = (problem: string) => `title of ${problem}`;
const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);
const SEEN = { at: 'live', gate: { open: true, why: 'face' }, hint: '' } as const;
const CONNECTED = { roundTripMs: 12.3, vision: 'on', database: 'up' };

const all = (
  browser = BROWSER,
  connection: Parameters<typeof connectionFindings>[0] = CONNECTED,
  camera: Parameters<typeof cameraFindings>[0] = SEEN,
) => [...browserFindings(browser), ...connectionFindings(connection), ...cameraFindings(camera, titleOf)];

test('a computer with every feature is ready', () => {
  expect(new Set(states(all()))).toEqual(new Set(['good']));
  expect(resultOf(all())).toEqual({ state: 'good', text: 'Everything works. You are ready for your exam.' });
});

test('only a missing requirement is a problem; limitations and a slow connection are notes', () => {
  expect(resultOf(all({ ...BROWSER, webSocket: false })).state).toBe('bad');
  expect(resultOf(all({ ...BROWSER, secure: false, camera: false })).state).toBe('bad');
  expect(resultOf(all({ ...BROWSER, worker: false, database: false, fullscreen: false })).state).toBe('note');
  expect(resultOf(all(BROWSER, { roundTripMs: undefined, vision: undefined, database: undefined })).state).toBe('bad');
  expect(resultOf(all(BROWSER, { ...CONNECTED, vision: 'off' })).state).toBe('note');
  expect(states(connectionFindings({ ...CONNECTED, roundTripMs: 801, database: 'down' }))).toEqual([
    'note',
    'note',
    'good',
  ]);
});

test('the check is complete once the camera was tested and a face was detected', () => {
  expect(resultOf([...all(), ...connectionFindings(undefined)]).state).toBe('open');
  expect(resultOf(all(BROWSER, CONNECTED, { at: 'off' })).state).toBe('open');
  expect(cameraFindings({ at: 'failed', problem: 'in_use' }, titleOf)).toEqual([
    { name: 'Camera', state: 'bad', result: 'title of in_use' },
  ]);
  expect(states(cameraFindings({ at: 'live', gate: { open: false }, hint: 'No face.' }, titleOf))).toEqual([
    'good',
    'open',
  ]);
  expect(states(cameraFindings({ at: 'live', gate: { open: true, why: 'busy' }, hint: 'Busy.' }, titleOf))).toEqual([
    'good',
    'note',
  ]);
  expect(
    states(cameraFindings({ at: 'live', gate: { open: true, why: 'face' }, hint: 'It is too dark.' }, titleOf)),
  ).toEqual(['good', 'note']);
});

test('the summary is plain text without personal data', () => {
  const context = { server: 'https://exams.example.org', browser: 'a browser', at: '2026-01-01 10:00' };
  expect(summaryText(connectionFindings(CONNECTED), context))
    .toBe(`Invigil system check of https://exams.example.org, 2026-01-01 10:00
Everything works. You are ready for your exam.

OK      Connection: Good: 12 ms round trip
OK      Server: Ready for exams
OK      Image analysis: On

Browser: a browser`);
});
