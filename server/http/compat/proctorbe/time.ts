import { z } from 'zod';
import { StoredTime } from '../../../../protocol/http/stored-time.ts';

const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * A time as ProctorBE clients write it: ISO 8601 with `T` or a space, seconds optional, UTC unless it has an offset.
 */
export const NaiveTime = z
  .string()
  .max(40)
  .describe('ISO 8601; UTC unless it has an offset.')
  .transform((written) => {
    const [, day, time, seconds = ':00', offset = 'Z'] = WRITTEN.exec(written) ?? [];
    return day === undefined ? written : `${day}T${time}${seconds}${offset}`;
  })
  .pipe(StoredTime);
