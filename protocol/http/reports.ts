import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { Signal } from '../exam.ts';
import { isSignalDataSmall, MAX_SIGNAL_DATA_BYTES } from '../signal-data.ts';
import { isStorable, MAX_DEPTH } from '../storable.ts';

/** Names of reported events: those of signals. */
export const ReportType = Signal.shape.signal;

/** Range of client clocks that are stored, ms: a clock with a flat battery shows 1970; later dates are errors. */
const CLOCK = { from: Date.UTC(1970, 0, 1), before: Date.UTC(2100, 0, 1) } as const;

const ClientTime = Timestamp.refine(
  (text) => Date.parse(text) >= CLOCK.from && Date.parse(text) < CLOCK.before,
  'must be between the years 1970 and 2099',
);

export const ReportBody = z.object({
  sessionId: Id,
  type: ReportType,
  /** Client clock; stored, never used for ordering. */
  at: ClientTime.optional(),
  data: z
    // Not the schema of the sockets: that one recurses, and the nesting is checked only here.
    .record(z.string().max(64), z.unknown())
    .refine((data) => isStorable(data) && isSignalDataSmall(data), {
      message: `must be at most ${MAX_SIGNAL_DATA_BYTES} bytes as JSON in UTF-8, of storable text, and at most ${MAX_DEPTH} levels deep`,
    })
    .optional(),
});
