import { z } from 'zod';

export const ReportFileQuery = z.object({
  pictures: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true')
    .describe('Whether pictures of incidents are included.'),
});

export const PdfFile = z
  .instanceof(Uint8Array)
  .meta({ type: 'string', format: 'binary', description: 'A4, in English.' });
