import { z } from 'zod';

export const examSettings = z.object({
  EXAMS_OPEN_TO: z.enum(['all', 'enrolled']).optional(),
});

export interface ExamsConfig {
  /** Default access to a new exam. */
  readonly examsOpenTo: 'all' | 'enrolled';
}

export const examsConfig = (env: z.output<typeof examSettings>, production: boolean): ExamsConfig => ({
  examsOpenTo: env.EXAMS_OPEN_TO ?? (production ? 'enrolled' : 'all'),
});
