import { z } from 'zod';
import { Id, Timestamp } from './events.ts';

/** Exam client -> server, text messages. Frames are binary: see frame.ts. */

export const Hello = z.strictObject({
  type: z.literal('hello'),
  /** Continue this numbered run of signals; without it a new stream begins at seq 1. */
  resume: z.strictObject({ stream: Id, lastSeq: z.int().min(0) }).optional(),
});

export const Signal = z.strictObject({
  type: z.literal('signal'),
  /** From 1, rising by one within its stream. */
  seq: z.int().min(1).max(2_147_483_647),
  signal: z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/),
  /** Client's clock; stored, never trusted for order. */
  at: Timestamp,
  /** At most 2 KiB as JSON (rule S11). */
  data: z.record(z.string().max(64), z.json()).optional(),
});

export const Finish = z.strictObject({ type: z.literal('finish') });

export const Reauth = z.strictObject({ type: z.literal('reauth'), ticket: z.string().max(128) });

export const ExamMessage = z.discriminatedUnion('type', [Hello, Signal, Finish, Reauth]);
export type ExamMessage = z.infer<typeof ExamMessage>;
export type Signal = z.infer<typeof Signal>;
export type Hello = z.infer<typeof Hello>;
