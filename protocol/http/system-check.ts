import { z } from 'zod';
import { FramePart } from './frames.ts';

/** Problems a student can fix before the exam. */
export const CHECK_HINTS = ['too_dark', 'no_face', 'off_centre', 'too_small', 'several_faces'] as const;
export const CheckHint = z.enum(CHECK_HINTS);
export type CheckHint = z.infer<typeof CheckHint>;

export const SystemCheckBody = z.object({ file: FramePart });

export const SystemCheck = z
  .object({
    faces: z.int(),
    /** Fractions of the picture's width and height from the upper left corner; can extend beyond it. */
    boxes: z.array(z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() })),
    /** Mean brightness, 0..255. */
    luma: z.number(),
    /** Empty if nothing needs fixing. */
    hints: z.array(CheckHint),
  })
  .meta({ id: 'SystemCheck' });
export type SystemCheck = z.infer<typeof SystemCheck>;
