import { z } from 'zod';
import { Id, Timestamp } from './events.ts';

/** Text messages, exam client to server. Frames are binary: see frame.ts. */

export const Hello = z
  .strictObject({
    type: z.literal('hello'),
    resume: z
      .strictObject({ stream: Id, lastSeq: z.int().min(0).describe('Highest acknowledged sequence number.') })
      .optional()
      .describe('Stream to continue. Without it, a new stream begins at sequence number 1.'),
  })
  .describe('First message of an exam client, within 5 s (rule C5).');

export const Signal = z
  .strictObject({
    type: z.literal('signal'),
    seq: z.int().min(1).max(2_147_483_647).describe('From 1, increasing by one within the stream.'),
    signal: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{1,63}$/)
      .describe('Name of the signal; some names are reserved (rule S7).'),
    at: Timestamp.describe('Client clock; stored, never used for ordering.'),
    data: z.record(z.string().max(64), z.json()).optional().describe('At most 2 KiB as JSON (rule S11).'),
  })
  .describe('Reports a browser signal. Acknowledged by `ack` after COMMIT (rules S1 to S11).');

export const Finish = z
  .strictObject({ type: z.literal('finish') })
  .describe('Submits the exam. Answered by `ended` (rule X1).');

export const Reauth = z
  .strictObject({ type: z.literal('reauth'), ticket: z.string().max(128) })
  .describe('Extends the life of the socket with a fresh ticket; answers the `reauth` of the server (rule C8).');

export const ExamMessage = z.discriminatedUnion('type', [Hello, Signal, Finish, Reauth]);
export type ExamMessage = z.infer<typeof ExamMessage>;
export type Signal = z.infer<typeof Signal>;
export type Hello = z.infer<typeof Hello>;
