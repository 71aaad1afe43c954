import { z } from 'zod';
import { ERROR_CODES } from './errors.ts';
import { Event, Id, Risk, Timestamp } from './events.ts';
import { LEVELS } from './event-types.ts';

/** Server -> exam client and server -> console, text messages. */

export const Throttle = z.object({
  /** Frames a second the client may send. */
  fps: z.number(),
  maxWidth: z.int(),
  /** JPEG quality 0..1. */
  quality: z.number(),
  reason: z.enum(['policy', 'busy', 'vision_off']),
});
export type Throttle = z.infer<typeof Throttle>;

const Fault = z.object({
  type: z.literal('error'),
  code: z.enum(ERROR_CODES),
  message: z.string(),
  retryable: z.boolean(),
  /** The signal, session or frame it answers, where there is one. */
  ref: z.union([z.string(), z.number()]).optional(),
});

const ReauthDue = z.object({ type: z.literal('reauth'), expiresAt: Timestamp });

export const END_REASONS = ['finished', 'ended', 'terminated', 'expired'] as const;
export type EndReason = (typeof END_REASONS)[number];

export const Analysis = z.object({
  /** Sequence number of the frame that was looked at. */
  frame: z.int(),
  faces: z.int(),
  /** Degrees; yaw > 0 to image right, pitch > 0 up, roll > 0 clockwise. */
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }).nullable(),
  gaze: z.object({ yaw: z.number(), pitch: z.number(), confidence: z.number() }).nullable(),
  /**
   * Of the largest face, which pose and gaze are of: fractions of the picture's width and height, from its upper left.
   */
  box: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }).nullable().optional(),
});
export type Analysis = z.infer<typeof Analysis>;

export const ExamDown = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    sessionId: Id,
    stream: Id,
    /** Highest committed seq of the stream. */
    lastAck: z.int().min(0),
    throttle: Throttle,
    risk: Risk,
    paused: z.boolean(),
    /** When the session ends by itself. */
    deadline: Timestamp.nullable(),
    vision: z.enum(['on', 'off']),
    policy: z.object({
      version: z.int(),
      calibrationSeconds: z.number(),
      retentionDays: z.int(),
      /** How long pictures of incidents are kept; null: none is. */
      evidenceDays: z.int().nullable(),
      levels: z.object({ medium: z.number(), high: z.number() }),
    }),
  }),
  z.object({ type: z.literal('ack'), seq: z.int().min(0) }),
  /**
   * The server can store no more at the moment: it takes no signal from this number on, and none of them is used up.
   */
  z.object({ type: z.literal('hold'), from: z.int().min(1) }),
  /** It takes them again: they are to be sent from this number on. */
  z.object({ type: z.literal('go'), from: z.int().min(1) }),
  z.object({ type: z.literal('event'), event: Event }),
  z.object({ type: z.literal('risk'), ...Risk.shape }),
  z.object({ type: z.literal('analysis'), ...Analysis.shape }),
  z.object({ type: z.literal('throttle'), ...Throttle.shape }),
  z.object({ type: z.literal('notice'), text: z.string() }),
  z.object({ type: z.literal('paused'), reason: z.string().nullable() }),
  z.object({ type: z.literal('resumed') }),
  z.object({ type: z.literal('extended'), deadline: Timestamp }),
  ReauthDue,
  z.object({ type: z.literal('ended'), reason: z.enum(END_REASONS), risk: Risk }),
  Fault,
]);
export type ExamDown = z.infer<typeof ExamDown>;

/** One live session as a console shows it. */
export const SessionView = z.object({
  id: Id,
  examId: Id,
  studentId: Id,
  studentName: z.string(),
  /** Beside the name, which somebody else can have as well. */
  studentEmail: z.string(),
  /** Room or group of the enrolment, when the session started. */
  room: z.string().nullable(),
  status: z.enum(['active', 'paused', 'ended']),
  connected: z.boolean(),
  startedAt: Timestamp,
  deadline: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  score: z.number(),
  rolling: z.number(),
  level: z.enum(LEVELS),
  /** Types of the incidents that last at the moment. */
  open: z.array(z.string()),
  lastFrameAt: Timestamp.nullable(),
  /** Offset of the last change; `subscribe.from` takes it back. */
  offset: z.int().min(0),
});
export type SessionView = z.infer<typeof SessionView>;

export const ConsoleDown = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), sessions: z.array(SessionView) }),
  z.object({ type: z.literal('session'), session: SessionView }),
  /** `offset` rises by one with every change of the session's events; an incident has one for each of its states. */
  z.object({ type: z.literal('event'), offset: z.int().min(1), event: Event }),
  z.object({ type: z.literal('risk'), session: Id, ...Risk.shape }),
  z.object({ type: z.literal('analysis'), session: Id, ...Analysis.shape }),
  /** Of this session not all was delivered that came after the offset: subscribe again `from` it. */
  z.object({ type: z.literal('gap'), session: Id, after: z.int().min(0) }),
  ReauthDue,
  Fault,
]);
export type ConsoleDown = z.infer<typeof ConsoleDown>;
