import { z } from 'zod';

/** Of the fields that can be edited. */
export const Revision = z
  .string()
  .describe('The same as long as nobody has changed a field; send it back as `baseRevision`.');

/** In the body of a change. */
export const BaseRevision = z
  .string()
  .max(64)
  .optional()
  .describe(
    '`revision` that was edited: if somebody has changed it meanwhile, nothing is saved (`changed_meanwhile`). Left out, the last change wins.',
  );
