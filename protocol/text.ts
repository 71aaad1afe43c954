import { z } from 'zod';
import { plainLine, plainText } from './plain-text.ts';
import { utf8Bytes } from './signal-data.ts';
import { STORABLE_TEXT } from './storable.ts';

const written = (maxBytes: number, plain: (text: string) => string) =>
  z
    .string()
    // What is taken out is bounded, too.
    .max(2 * maxBytes)
    .regex(STORABLE_TEXT, 'has a character that cannot be stored')
    .transform(plain)
    .pipe(
      z
        .string()
        .min(1, 'must have something that can be seen')
        .refine((text) => utf8Bytes(text) <= maxBytes, `must have at most ${maxBytes} bytes in UTF-8`),
    );

/** A line that people write: normalised (see `plainLine`), not empty, of so many bytes in UTF-8 at most. */
export const line = (maxBytes: number) => written(maxBytes, plainLine);

/** Lines that people write: normalised (see `plainText`), not empty, of so many bytes in UTF-8 at most. */
export const lines = (maxBytes: number) => written(maxBytes, plainText);
