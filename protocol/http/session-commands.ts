import { z } from 'zod';
import { Code } from '../down.ts';
import { Id } from '../events.ts';
import { MOST_COMMANDED } from '../most-commanded.ts';
import { lines } from '../text.ts';
import { Room } from './enrolments.ts';

const text = lines(2000);

/** A command for many sessions, as `command` on the console socket (rule P4). */
export const SessionCommandsBody = z
  .object({
    do: z.enum(['pause', 'resume', 'message', 'extend', 'terminate']),
    text: text.optional().describe('Message to the students; required by `message`.'),
    reason: text.optional().describe('Shown to the students by `pause` and `terminate`, which requires it.'),
    minutes: z.int().min(1).max(600).optional().describe('Required by `extend`.'),
    sessions: z.array(Id).min(1).max(MOST_COMMANDED).optional().describe('Sessions to command; instead of `exam`.'),
    exam: Id.optional().describe('Commands all running sessions of the exam that the caller sees.'),
    room: Room.optional().describe('Only sessions of this room; with `exam`.'),
  })
  .superRefine((body, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if ((body.sessions === undefined) === (body.exam === undefined))
      fault('sessions', 'is required, or `exam` in its place');
    if (body.room !== undefined && body.exam === undefined) fault('room', 'requires `exam`');
    const fields = {
      text: ['message'],
      minutes: ['extend'],
      reason: ['pause', 'resume', 'extend', 'terminate'],
    } as const;
    for (const [field, takers] of Object.entries(fields) as [keyof typeof fields, readonly string[]][]) {
      const isGiven = body[field] !== undefined;
      if (isGiven && !takers.includes(body.do)) fault(field, `does not belong to ${body.do}`);
      const isRequired = takers.length === 1 ? takers.includes(body.do) : body.do === 'terminate';
      if (!isGiven && isRequired) fault(field, `is required by ${body.do}`);
    }
  });
export type SessionCommandsBody = z.infer<typeof SessionCommandsBody>;

export const SessionCommandFailure = z
  .object({
    sessionId: Id,
    studentName: z.string().nullable().describe('Null for sessions that the caller does not see.'),
    code: Code,
    detail: z.string().describe('For people; its wording can change.'),
    retryable: z.boolean().describe('True if the same command can succeed later.'),
  })
  .meta({ id: 'SessionCommandFailure' });
export type SessionCommandFailure = z.infer<typeof SessionCommandFailure>;

/** In the order of the request; those of an exam newest first. */
export const SessionCommandsAnswer = z
  .object({
    done: z.array(Id).describe('Sessions in which the command is committed.'),
    failed: z.array(SessionCommandFailure).describe('Sessions in which it had no effect, each with its reason.'),
  })
  .meta({ id: 'SessionCommandsAnswer' });
export type SessionCommandsAnswer = z.infer<typeof SessionCommandsAnswer>;
