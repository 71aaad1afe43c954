import { expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { event } from '../test/wire-fixtures.ts';
import { detailLines } from './event-details.ts';

test('details of a vision event have the analysis, its confidence and the models', () => {
  const details = {
    faces: 2,
    pose: { yaw: -3.14, pitch: 20 },
    luma: { mean: 120, deviation: 40.55 },
    models: ['face@3', 'gaze@2'],
  };
  expect(detailLines(event(1, { confidence: 0.934, details })).map(({ name, text }) => `${name}: ${text}`)).toEqual([
    'Faces: 2',
    'Head: yaw -3.1°, pitch 20°',
    'Brightness: mean 120, deviation 40.6 of 255',
    'Confidence: 93%',
    'Models: face@3, gaze@2',
  ]);
});

test('unknown fields are shown as they are', () => {
  expect(
    detailLines(event(1, { confidence: null, details: { pose: null, models: [], clientAt: 'x', nested: { a: 1 } } })),
  ).toEqual([
    { name: 'Client clock', text: 'x' },
    { name: 'nested', text: '{"a":1}' },
  ]);
});

test('an act of staff names its author, never by an id', () => {
  const act = event(1, {
    source: 'proctor',
    confidence: null,
    details: { by: 'id-1', readmissionId: 'id-2', minutes: 5 },
  });
  const texts = (staff?: Parameters<typeof detailLines>[1]) => detailLines(act, staff).map(({ text }) => text);
  expect(texts([{ id: 'id-1', name: 'Ada', email: 'ada@example.org' }])).toEqual(['Ada (ada@example.org)', '5']);
  expect(texts().join()).not.toContain('id-');
});

const lines = (...given: Parameters<typeof event>) =>
  detailLines(event(...given), [], 'Europe/Berlin').map(({ name, text }) => `${name}: ${text}`);

/** Details of events as the server stores them. */
const STORED: readonly [type: string, source: Event['source'], details: Event['details'], shown: readonly string[]][] =
  [
    [
      'NO_FACE',
      'vision',
      {
        frames: 1200,
        unknownSeconds: 8.5,
        clearSeconds: 62,
        evidenceMissing: ['opened'],
        clientAt: '2026-05-04T07:00:05.000Z',
      },
      [
        'Images: 1,200',
        'Camera covered or images unreadable for: 9 sec',
        'In between without it for: 1 min 2 sec',
        'Images that could not be stored: At the start',
        'Client clock: May 4, 2026, 09:00:05 GMT+2',
      ],
    ],
    ['CAMERA_CHANGED', 'vision', { what: 'proportions' }, ['Changed: the proportions of the images']],
    ['TURNED_AT_START', 'vision', { pose: { yaw: 31.04, pitch: 2 } }, ['Head: yaw 31°, pitch 2°']],
    [
      'DEVICE_CHANGED',
      'connection',
      {
        changed: ['device', 'network'],
        client: 'sdk 2',
        clientBefore: 'sdk 1',
        firstDeviceAgain: true,
        gapSeconds: 90,
      },
      [
        'Changed: device, network',
        'Client: “sdk 2”',
        'Client before: “sdk 1”',
        'Back on the first device: yes',
        'Gap before: 1 min 30 sec',
      ],
    ],
    ['NETWORK_CHANGED', 'connection', { gapSeconds: 0 }, ['Gap before: 0 sec']],
    [
      'CONNECTION_UNSTABLE',
      'connection',
      { gaps: 5, withinSeconds: 290 },
      ['Gaps of the connection: 5', 'Within: 4 min 50 sec'],
    ],
    ['CONNECTION_LOST', 'connection', { by: 'server' }, ['By: the server, after a restart']],
    [
      'UNREPORTED_ABSENCE',
      'connection',
      { reported: 'unfocused', focused: null, waiting: 3 },
      [
        'State of the exam page: without focus',
        'Focus on the exam page: not known',
        'Signals waiting in the browser: 3',
      ],
    ],
    ['VIRTUAL_CAMERA_NAME', 'connection', { label: 'OBS' }, ['Name of the camera: “OBS”']],
    [
      'SEQUENCE_CONFLICT',
      'connection',
      { stream: '019a', clientSeq: 7, signal: 'COPY' },
      ['Stream of signals: 019a', 'Number in the stream: 7', 'Signal: Copied'],
    ],
    [
      'SIGNALS_OVER_BUDGET',
      'connection',
      { count: 1812, refused: 2, types: { COPY: 1800, OTHER: 12 }, streams: { '019a': 1812 } },
      [
        'Counted: 1,812',
        'Refused, to be sent again: 2',
        "Of these: Copied: 1,800, Reported by the student's browser: “Other”: 12",
        'Streams of signals: 1',
      ],
    ],
    [
      'SESSION_EXTENDED',
      'proctor',
      { minutes: 5, deadline: '2026-01-04T09:00:00.000Z' },
      ['Minutes added: 5', 'New end: Jan 4, 2026, 10:00:00 GMT+1'],
    ],
  ];

test.each(STORED)('%s is told in words, with times in the zone of the exam', (type, source, details, shown) => {
  expect(lines(1, { type, source, confidence: null, details })).toEqual(shown);
});

/** Data of signals as the SDK sends them. */
test.each<[string, Record<string, unknown>, readonly string[]]>([
  ['COPY', { length: 18 }, ['length of the text: 18 characters']],
  ['SECOND_SCREEN', { screens: 2 }, ['number of screens: 2']],
  [
    'RETURNED_TO_EXAM',
    { after: 'TAB_SWITCH', durationMs: 65_000 },
    ['follows: Left the exam tab or minimised the window', 'time away: 1 min 5 sec'],
  ],
  ['WINDOW_BLUR', { after: 'address_bar' }, ['follows: the address bar']],
  [
    'TAB_SWITCH',
    { fromStart: true, fullscreenExit: true },
    ['since the page was opened: yes', 'full screen was left as well: yes'],
  ],
  ['CAMERA_UNAVAILABLE', { reason: 'in_use' }, ['cause: used by another program']],
])('data of %s are told in words, as words of the client', (type, data, shown) => {
  expect(lines(1, { type, source: 'client', details: { data } })).toEqual(
    shown.map((line) => `Reported by client, ${line}`),
  );
});

test('what a client makes up is quoted, also under a known name', () => {
  const data = { length: 'long', reason: 'approved by a proctor', after: 'constructor', by: 'Ada', durationMs: -1 };
  expect(lines(1, { source: 'client', details: { clientAt: 'soon', data } })).toEqual([
    'Client clock: “soon”',
    'Reported by client, length: “long”',
    'Reported by client, reason: “approved by a proctor”',
    'Reported by client, after: “constructor”',
    'Reported by client, by: “Ada”',
    'Reported by client, durationMs: “-1”',
  ]);
});
