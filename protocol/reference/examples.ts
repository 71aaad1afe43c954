import type { ConsoleMessage } from '../console.ts';
import type { Attention } from '../attention.ts';
import type { Analysis, ConsoleDown, ExamDown, SessionView, Throttle } from '../down.ts';
import type { Event, Risk } from '../events.ts';
import type { ExamMessage } from '../exam.ts';

const SESSION = '0198f3a2-7b1c-7000-8000-000000000001';
const STREAM = '0198f3a2-7b1c-7000-8000-000000000002';
const EXAM = '0198f3a2-7b1c-7000-8000-000000000003';
const STUDENT = '0198f3a2-7b1c-7000-8000-000000000004';
const PROCTOR = '0198f3a2-7b1c-7000-8000-000000000007';
const REQUEST = '0198f3a2-7b1c-7000-8000-000000000006';
const TICKET = 'bm90IGEgcmVhbCB0aWNrZXQsIG9ubHkgaXRzIGxlbmd0aA';
const attention: Attention = {
  value: 18.4,
  level: 'watch',
  because: [
    { type: 'NO_FACE', share: 0.7 },
    { type: 'TAB_SWITCH', share: 0.3 },
  ],
};
const risk: Risk = { score: 3, rolling: 2.61, level: 'Low' };
const throttle: Throttle = { fps: 2, maxWidth: 640, quality: 0.8, reason: 'policy' };
const analysis: Analysis = {
  frame: 1,
  faces: 1,
  pose: { yaw: 4.2, pitch: -6.1, roll: 0.7 },
  gaze: { yaw: -2.5, pitch: 1.9, confidence: 0.91 },
  box: { x: 0.34, y: 0.22, w: 0.29, h: 0.47 },
  others: 0,
  tooDark: false,
};
const event: Event = {
  id: '0198f3a2-7b1c-7000-8000-000000000005',
  sessionId: SESSION,
  seq: 1,
  type: 'TAB_SWITCH',
  source: 'client',
  severity: 'medium',
  weight: 3,
  startedAt: '2026-01-01T10:00:05.000Z',
  endedAt: '2026-01-01T10:00:05.000Z',
  durationMs: 0,
  confidence: null,
  details: { clientAt: '2026-01-01T10:00:04.870Z' },
  review: null,
};
const session: SessionView = {
  id: SESSION,
  examId: EXAM,
  studentId: STUDENT,
  studentName: 'Ada Lovelace',
  studentEmail: 'ada@example.org',
  room: null,
  status: 'active',
  connected: true,
  startedAt: '2026-01-01T10:00:00.000Z',
  deadline: '2026-01-01T11:00:00.000Z',
  pausedAt: null,
  endedAt: null,
  score: 3,
  rolling: 2.61,
  level: 'Low',
  open: [],
  lastFrameAt: '2026-01-01T10:00:06.000Z',
  conversation: { hand: null, unread: 1 },
  offset: 1,
};

/** One example for each message, by `type`; for commands one of each kind. */
export const EXAMPLES: {
  readonly ExamMessage: readonly ExamMessage[];
  readonly ExamDown: readonly ExamDown[];
  readonly ConsoleMessage: readonly ConsoleMessage[];
  readonly ConsoleDown: readonly ConsoleDown[];
} = {
  ExamMessage: [
    {
      type: 'hello',
      resume: { stream: STREAM, lastSeq: 3 },
      device: '5f0c2d8e7a914b36a1c4',
      client: { name: 'invigil-client', version: '0.1.0' },
      reportsState: true,
      shows: ['challenge', 'room_look'],
      marksMessages: true,
    },
    { type: 'signal', seq: 4, signal: 'COPY', at: '2026-01-01T10:00:04.870Z', data: { length: 42 } },
    {
      type: 'state',
      visible: true,
      focused: true,
      fullscreen: true,
      screens: 1,
      camera: { label: 'HD Webcam', width: 640, height: 480, fps: 30 },
      waiting: 0,
    },
    {
      type: 'state',
      visible: true,
      focused: false,
      explained: 'file_picker',
      fullscreen: false,
      screens: 'unknown',
      camera: null,
      waiting: 2,
    },
    {
      type: 'signal',
      seq: 5,
      signal: 'STUDENT_MESSAGE',
      at: '2026-01-01T10:00:09.120Z',
      data: { text: 'My keyboard has stopped working.' },
    },
    { type: 'seen', delivered: 7, read: 4 },
    { type: 'answer', request: REQUEST, answer: 'shown' },
    { type: 'answer', request: REQUEST, answer: 'decline', reason: 'Other people are in the room.' },
    { type: 'finish' },
    { type: 'reauth', ticket: TICKET },
  ],
  ExamDown: [
    {
      type: 'welcome',
      sessionId: SESSION,
      stream: STREAM,
      lastAck: 3,
      throttle,
      risk,
      paused: false,
      pausedAt: null,
      deadline: '2026-01-01T11:00:00.000Z',
      serverTime: '2026-01-01T10:00:00.000Z',
      vision: 'on',
      receipts: true,
      timeEveryMs: 15_000,
      stateEveryMs: 10_000,
      handRaised: false,
      policy: {
        version: 1,
        ownFieldClipboard: 'report',
        calibrationSeconds: 10,
        conversation: true,
        studentView: 'events',
        retentionDays: 180,
        evidenceDays: 180,
        levels: { medium: 5, high: 10 },
      },
    },
    { type: 'ack', seq: 4 },
    { type: 'hold', from: 5 },
    { type: 'go', from: 5 },
    { type: 'event', event },
    { type: 'risk', ...risk },
    { type: 'received', frame: 1 },
    { type: 'time', serverTime: '2026-01-01T10:00:15.000Z' },
    { type: 'analysis', ...analysis },
    { type: 'throttle', ...throttle, fps: 1, reason: 'busy' },
    {
      type: 'notice',
      text: 'Please sit closer to the camera.',
      id: REQUEST,
      seq: 7,
      at: '2026-01-01T10:01:12.000Z',
      from: 'Grace Hopper',
    },
    { type: 'watched', watching: true },
    { type: 'paused', reason: 'Fire alarm', at: '2026-01-01T10:25:00.000Z' },
    {
      type: 'extended',
      deadline: '2026-01-01T11:05:00.000Z',
      serverTime: '2026-01-01T10:30:00.000Z',
      pausedMs: 300_000,
    },
    { type: 'resumed' },
    { type: 'extended', deadline: '2026-01-01T11:15:00.000Z', serverTime: '2026-01-01T10:30:00.000Z' },
    { type: 'challenge', id: REQUEST, direction: 'left', seconds: 15 },
    { type: 'room_look', id: REQUEST, seconds: 20 },
    { type: 'request_over', id: REQUEST, result: 'passed' },
    { type: 'reauth', expiresAt: '2026-01-01T10:15:00.000Z' },
    { type: 'ended', reason: 'finished', risk },
    {
      type: 'error',
      code: 'frame_out_of_order',
      message: 'frame sequence must be greater than 5',
      retryable: false,
      ref: 5,
    },
  ],
  ConsoleMessage: [
    { type: 'subscribe', exam: EXAM, from: { [SESSION]: 1 } },
    { type: 'watch', session: SESSION, fps: 1 },
    { type: 'unwatch', session: SESSION },
    { type: 'command', session: SESSION, do: 'pause', reason: 'Fire alarm' },
    { type: 'command', session: SESSION, do: 'resume' },
    { type: 'command', session: SESSION, do: 'terminate', reason: 'Impersonation' },
    { type: 'command', session: SESSION, do: 'message', text: 'Please sit closer to the camera.' },
    { type: 'command', session: SESSION, do: 'extend', minutes: 15 },
    { type: 'reauth', ticket: TICKET },
  ],
  ConsoleDown: [
    { type: 'snapshot', sessions: [session] },
    { type: 'session', session },
    { type: 'event', offset: 1, event },
    { type: 'risk', session: SESSION, ...risk, attention },
    { type: 'analysis', session: SESSION, ...analysis },
    {
      type: 'team',
      sessions: [
        {
          session: SESSION,
          seen: { by: { id: PROCTOR, name: 'Anna Berg' }, at: '2026-07-30T09:12:40.000Z' },
          claim: { by: { id: PROCTOR, name: 'Anna Berg' }, at: '2026-07-30T09:12:40.000Z', from: null },
          notes: 1,
          viewers: [{ id: PROCTOR, name: 'Anna Berg' }],
        },
      ],
    },
    { type: 'gap', session: SESSION, after: 1 },
    { type: 'reauth', expiresAt: '2026-01-01T10:15:00.000Z' },
    { type: 'error', code: 'not_found', message: 'no such session', retryable: false, ref: SESSION },
  ],
};
