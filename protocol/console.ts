import { z } from 'zod';
import { Id } from './events.ts';
import { lines } from './text.ts';

/** Console -> server, text messages. */

export const Subscribe = z.strictObject({
  type: z.literal('subscribe'),
  exam: Id.optional(),
  session: Id.optional(),
  /** Highest offset seen of each session: what came after is sent again before the live feed. */
  from: z.record(Id, z.int().min(0).max(2_147_483_647)).optional(),
});

export const Watch = z.strictObject({
  type: z.literal('watch'),
  session: Id,
  fps: z.number().min(0.1).max(15),
});

export const Unwatch = z.strictObject({ type: z.literal('unwatch'), session: Id });

const text = lines(2000);

export const Command = z.discriminatedUnion('do', [
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
]);

export const ConsoleReauth = z.strictObject({ type: z.literal('reauth'), ticket: z.string().max(128) });

export const ConsoleMessage = z.discriminatedUnion('type', [Subscribe, Watch, Unwatch, Command, ConsoleReauth]);
export type ConsoleMessage = z.infer<typeof ConsoleMessage>;
export type Subscribe = z.infer<typeof Subscribe>;
export type Command = z.infer<typeof Command>;
