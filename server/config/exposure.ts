import { z } from 'zod';

const Switch = z.enum(['on', 'off']);

/** Information available without a login. Open by default, closed in production. */
export const exposureSettings = z.object({
  API_DOCS: Switch.optional(),
  OPEN_EXAM_LIST: Switch.optional(),
});

export interface ExposureConfig {
  /** Whether `/openapi.json` and `/docs` are served. */
  readonly apiDocs: boolean;
  /** Whether ProctorBE's `GET /exams/` lists exams that are open to all without a login. */
  readonly openExamList: boolean;
}

export const exposureConfig = (env: z.output<typeof exposureSettings>, production: boolean): ExposureConfig => ({
  apiDocs: env.API_DOCS === undefined ? !production : env.API_DOCS === 'on',
  openExamList: env.OPEN_EXAM_LIST === undefined ? !production : env.OPEN_EXAM_LIST === 'on',
});
