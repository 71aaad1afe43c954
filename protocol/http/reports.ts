import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { Signal } from '../exam.ts';
import { isSignalDataSmall, MAX_SIGNAL_DATA_BYTES } from '../signal-data.ts';
import { isStorable, MAX_DEPTH } from '../storable.ts';

/** Names of events that clients report: those of the sockets' signals. */
export const ReportType = Signal.shape.signal;

export const ReportBody = z.object({
  sessionId: Id,
  type: ReportType,
  /** Client's clock; stored, never trusted for order. */
  at: Timestamp.optional(),
  data: z
    // Not the sockets' schema: that one walks the value, and how deep it goes is checked only here.
    .record(z.string().max(64), z.unknown())
    .refine((data) => isStorable(data) && isSignalDataSmall(data), {
      message: `at most ${MAX_SIGNAL_DATA_BYTES} bytes as JSON in UTF-8, with text that can be stored, nested at most ${MAX_DEPTH} deep`,
    })
    .optional(),
});
