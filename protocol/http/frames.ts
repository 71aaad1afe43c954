import { z } from 'zod';
import { Analysis } from '../down.ts';
import { Id, Risk } from '../events.ts';
import { EventAnswer } from './sessions.ts';

/** A file of a multipart body. */
export const FramePart = z.instanceof(Uint8Array).meta({
  type: 'string',
  format: 'binary',
  description: 'Baseline or progressive JPEG, 64 to 1920 pixels on each side, at most 256 KiB.',
});

const after = {
  /** Types of open incidents after this frame. */
  open: z.array(z.string()),
  /** Events opened, changed or closed by this frame. */
  events: z.array(EventAnswer),
  risk: Risk,
};

/** Result of a frame. A frame that was not analysed is no statement about the student. */
export const FrameAnalysis = z
  .discriminatedUnion('analysed', [
    z.object({ analysed: z.literal(true), ...Analysis.shape, ...after }),
    z.object({
      analysed: z.literal(false),
      /** `replaced`: a newer frame arrived before its turn. */
      reason: z.enum(['replaced', 'vision_off', 'inference_failed']),
      ...after,
    }),
  ])
  .meta({ id: 'FrameAnalysis' });
export type FrameAnalysis = z.infer<typeof FrameAnalysis>;

export const FrameQuery = z.object({ sessionId: Id.optional() });
/** The session is given in the query or here. */
export const FrameBody = z.object({ file: FramePart, sessionId: Id.optional() });
