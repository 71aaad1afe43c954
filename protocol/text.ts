import { z } from 'zod';
import { plainLine, plainText } from './plain-text.ts';
import { utf8Bytes } from './signal-data.ts';
import { STORABLE_TEXT } from './storable.ts';

const written = (maxBytes: number, plain: (text: string) => string) =>
  z
    .string()
    // Bounds what normalisation removes, too.
    .max(2 * maxBytes, `must be at most ${maxBytes} bytes in UTF-8`)
    .regex(STORABLE_TEXT, 'contains a character that cannot be stored')
    .transform(plain)
    .pipe(
      z
        .string()
        .min(1, 'must contain visible characters')
        .refine((text) => utf8Bytes(text) <= maxBytes, `must be at most ${maxBytes} bytes in UTF-8`),
    );

/** One line written by a person: normalised (see `plainLine`), not empty, at most `maxBytes` in UTF-8. */
export const line = (maxBytes: number) => written(maxBytes, plainLine);

/**
 * A name told by a program, such as that of a camera: normalised and cut to `max` characters instead of refused, since
 * the person in front of it did not choose it.
 */
export const label = (max: number) =>
  z
    .string()
    .max(1024)
    .regex(STORABLE_TEXT, 'contains a character that cannot be stored')
    .transform((text) => [...plainLine(text)].slice(0, max).join(''));

/** Lines written by a person: normalised (see `plainText`), not empty, at most `maxBytes` in UTF-8. */
export const lines = (maxBytes: number) => written(maxBytes, plainText);
