import { z } from 'zod';
import { Analysis } from '../down.ts';
import { Id, Risk } from '../events.ts';
import { EventAnswer } from './sessions.ts';

/** A file of a multipart body. */
export const FramePart = z.instanceof(Uint8Array).meta({
  type: 'string',
  format: 'binary',
  description: 'A baseline or progressive JPEG of 64 to 1920 pixels a side and at most 256 KiB.',
});

const after = {
  /** Types of the incidents that last after this frame. */
  open: z.array(z.string()),
  /** Events that this frame opened, changed or closed. */
  events: z.array(EventAnswer),
  risk: Risk,
};

/** What became of a frame. One that was not looked at says nothing about anybody. */
export const FrameAnalysis = z
  .discriminatedUnion('analysed', [
    z.object({ analysed: z.literal(true), ...Analysis.shape, ...after }),
    z.object({
      analysed: z.literal(false),
      /** `replaced`: a newer one came before its turn. */
      reason: z.enum(['replaced', 'vision_off', 'inference_failed']),
      ...after,
    }),
  ])
  .meta({ id: 'FrameAnalysis' });
export type FrameAnalysis = z.infer<typeof FrameAnalysis>;

export const FrameQuery = z.object({ sessionId: Id.optional() });
/** The session stands in the query or here. */
export const FrameBody = z.object({ file: FramePart, sessionId: Id.optional() });
