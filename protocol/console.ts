import { z } from 'zod';
import { Id } from './events.ts';
import { lines } from './text.ts';

/** Text messages, console to server. */

export const Subscribe = z
  .strictObject({
    type: z.literal('subscribe'),
    exam: Id.optional(),
    session: Id.optional(),
    from: z
      .record(Id, z.int().min(0).max(2_147_483_647))
      .optional()
      .describe('Highest offset seen, by session id. Later changes are replayed before the live feed.'),
  })
  .describe('Selects an exam, a session, or every session visible to the user. Answered by `snapshot` (rule P1).');

export const Watch = z
  .strictObject({
    type: z.literal('watch'),
    session: Id,
    fps: z.number().min(0.1).max(15).describe('Frames per second, at most.'),
  })
  .describe('Starts sending the frames of a session as binary messages (rule P3).');

export const Unwatch = z
  .strictObject({ type: z.literal('unwatch'), session: Id })
  .describe('Stops sending the frames of a session.');

const text = lines(2000).describe('At most 2000 bytes in UTF-8 after normalisation.');

export const Command = z
  .discriminatedUnion('do', [
    z.strictObject({ type: z.literal('command'), session: Id, do: z.literal('pause'), reason: text.optional() }),
    z.strictObject({ type: z.literal('command'), session: Id, do: z.literal('resume'), reason: text.optional() }),
    z.strictObject({ type: z.literal('command'), session: Id, do: z.literal('terminate'), reason: text }),
    z.strictObject({ type: z.literal('command'), session: Id, do: z.literal('message'), text }),
    z.strictObject({
      type: z.literal('command'),
      session: Id,
      do: z.literal('extend'),
      minutes: z.int().min(1).max(600),
      reason: text.optional(),
    }),
  ])
  .describe('Pauses, resumes, terminates, messages or extends a session (rule P4). Failure is answered by `error`.');

export const ConsoleReauth = z
  .strictObject({ type: z.literal('reauth'), ticket: z.string().max(128) })
  .describe('Extends the life of the socket with a fresh ticket; answers the `reauth` of the server (rule C8).');

export const ConsoleMessage = z.discriminatedUnion('type', [Subscribe, Watch, Unwatch, Command, ConsoleReauth]);
export type ConsoleMessage = z.infer<typeof ConsoleMessage>;
export type Subscribe = z.infer<typeof Subscribe>;
export type Command = z.infer<typeof Command>;
