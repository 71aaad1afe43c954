import { z } from 'zod';
import { Id, Timestamp } from './events.ts';
import { REQUEST_ANSWERS, REQUEST_KINDS } from './request-kinds.ts';
import { label } from './text.ts';

/** Text messages, exam client to server. Frames are binary: see frame.ts. */

export const Hello = z
  .strictObject({
    type: z.literal('hello'),
    resume: z
      .strictObject({ stream: Id, lastSeq: z.int().min(0).describe('Highest acknowledged sequence number.') })
      .optional()
      .describe('Stream to continue. Without it, a new stream begins at sequence number 1.'),
    device: z
      .string()
      .regex(/^[\w-]{8,64}$/)
      .optional()
      .describe('Random id that the client keeps on this device (rule E11).'),
    client: z
      .strictObject({ name: label(64), version: label(32) })
      .optional()
      .describe('Name and version of the client (rule E11).'),
    reportsState: z
      .boolean()
      .optional()
      .describe('True if the client sends `state` every `stateEveryMs` of `welcome` (rule E10).'),
    shows: z
      .array(z.enum(REQUEST_KINDS))
      .max(8)
      .optional()
      .describe('Requests that the client shows to the student (rule R1); absent: none.'),
    marksMessages: z
      .boolean()
      .optional()
      .describe('True if the client sends `seen`: messages that it has not seen come again after `welcome` (rule M4).'),
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

/** Pixels, or frames per second. */
const measure = (most: number) => z.number().min(0).max(most);

export const StateCamera = z.strictObject({
  label: label(128).nullable().describe('Name of the camera; null: the browser does not tell.'),
  width: measure(16_384).nullable(),
  height: measure(16_384).nullable(),
  fps: measure(1000).nullable().describe('Frames per second of its settings.'),
});

export const State = z
  .strictObject({
    type: z.literal('state'),
    visible: z.boolean().nullable().describe('The page is visible; null: not watched.'),
    focused: z
      .boolean()
      .nullable()
      .describe('The page or a frame in it has the focus; null: not known, or not watched.'),
    explained: z
      .string()
      .regex(/^[a-z][a-z_]{0,31}$/)
      .optional()
      .describe('Part of the browser that hides the page or has its focus, such as `file_picker`.'),
    fullscreen: z.boolean(),
    screens: z
      .union([z.int().min(1).max(64), z.literal('several'), z.literal('unknown')])
      .describe('Number of screens; `several`: more than one; `unknown`: the browser does not tell.'),
    camera: StateCamera.nullable().describe('Open camera; null: none.'),
    waiting: z.int().min(0).max(1_000_000).describe('Signals that are not acknowledged.'),
  })
  .describe('State of the exam page, every 10 s (rule E10). Kept in memory, not answered.');
export type State = z.infer<typeof State>;

export const Answer = z
  .strictObject({
    type: z.literal('answer'),
    request: Id.describe('Id of the request.'),
    answer: z
      .enum(REQUEST_ANSWERS)
      .describe(
        '`shown`: the student sees it; `hidden`: no longer. Of `room_look`: `begin` or `decline` by the student.',
      ),
    reason: label(500).optional().describe("The student's, for declining; cut to 500 characters."),
  })
  .describe('Answers `challenge` or `room_look` (rules R2, R3). About a request that is over it is ignored.');
export type Answer = z.infer<typeof Answer>;

const messageSeq = z.int().min(0).max(2_147_483_647);

export const Seen = z
  .strictObject({
    type: z.literal('seen'),
    delivered: messageSeq.describe('Highest `seq` of a `notice` that the client has; 0: none.'),
    read: messageSeq.describe('Highest `seq` of a `notice` that the visible page has shown; 0: none.'),
  })
  .describe('Marks messages of staff, after each `notice` and each `welcome` (rule M4). Not answered.');
export type Seen = z.infer<typeof Seen>;

export const Finish = z
  .strictObject({ type: z.literal('finish') })
  .describe('Submits the exam. Answered by `ended` (rule X1).');

export const Reauth = z
  .strictObject({ type: z.literal('reauth'), ticket: z.string().max(128) })
  .describe('Extends the life of the socket with a fresh ticket; answers the `reauth` of the server (rule C8).');

export const ExamMessage = z.discriminatedUnion('type', [Hello, Signal, State, Answer, Seen, Finish, Reauth]);
export type ExamMessage = z.infer<typeof ExamMessage>;
export type Signal = z.infer<typeof Signal>;
export type Hello = z.infer<typeof Hello>;
