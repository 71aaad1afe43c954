import { type Attention, type AttentionLevel, CALM } from '../../protocol/attention.ts';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';

/** A session and an event in wire format for unit tests. */

export const session = (id: string, more: Partial<SessionView> = {}): SessionView => ({
  id,
  examId: 'e',
  studentId: 's',
  studentName: 'Sam',
  studentEmail: 'sam@example.org',
  room: null,
  status: 'active',
  connected: true,
  startedAt: '2026-01-01T10:00:00.000Z',
  deadline: null,
  endedAt: null,
  score: 0,
  rolling: 0,
  level: 'Low',
  attention: CALM,
  open: [],
  lastFrameAt: null,
  offset: 0,
  ...more,
});

export const event = (seq: number, more: Partial<Event> = {}): Event => ({
  id: `event-${seq}`,
  sessionId: 'a',
  seq,
  type: 'NO_FACE',
  source: 'vision',
  severity: 'medium',
  weight: 2,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: null,
  durationMs: null,
  confidence: 1,
  details: {},
  review: null,
  ...more,
});

const VALUES = { calm: 0, watch: 20, high: 60 } as const;

/** Attention of this level, because of one event type. */
export const attention = (level: AttentionLevel, value: number = VALUES[level]): Attention => ({
  value,
  level,
  because: level === 'calm' ? [] : [{ type: 'NO_FACE', share: 1 }],
});
