import { z } from 'zod';
import { TimeZone } from '../../protocol/http/exams.ts';

export const examSettings = z.object({
  EXAMS_OPEN_TO: z.enum(['all', 'enrolled']).default('enrolled'),
  EXAMS_TIME_ZONE: TimeZone.default('UTC'),
});

export interface ExamsConfig {
  /** Of a new exam, unless its author chooses. */
  readonly examDefaults: { readonly openTo: 'all' | 'enrolled'; readonly timeZone: string };
}

export const examsConfig = (env: z.output<typeof examSettings>): ExamsConfig => ({
  examDefaults: { openTo: env.EXAMS_OPEN_TO, timeZone: env.EXAMS_TIME_ZONE },
});
