import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { Signal } from '../exam.ts';
import { isSignalDataSmall, MAX_SIGNAL_DATA_BYTES } from '../signal-data.ts';
import { isStorable, MAX_DEPTH } from '../storable.ts';

/** Names of events that clients report: those of the sockets' signals. */
export const ReportType = Signal.shape.signal;

/**
 * Client's clocks that are stored, ms: those with a flat battery stand at 1970. Beyond is no clock, and few programs
 * can show it.
 */
const CLOCK = { from: Date.UTC(1970, 0, 1), before: Date.UTC(2100, 0, 1) } as const;

const ClientTime = Timestamp.refine(
  (text) => Date.parse(text) >= CLOCK.from && Date.parse(text) < CLOCK.before,
  'is from 1970 to 2099',
);

export const ReportBody = z.object({
  sessionId: Id,
  type: ReportType,
  /** Client's clock; stored, never trusted for order. */
  at: ClientTime.optional(),
  data: z
    // Not the sockets' schema: that one walks the value, and how deep it goes is checked only here.
    .record(z.string().max(64), z.unknown())
    .refine((data) => isStorable(data) && isSignalDataSmall(data), {
      message: `at most ${MAX_SIGNAL_DATA_BYTES} bytes as JSON in UTF-8, with text that can be stored, nested at most ${MAX_DEPTH} deep`,
    })
    .optional(),
});
