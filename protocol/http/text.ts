import { z } from 'zod';
import { STORABLE_TEXT } from '../storable.ts';

/** A line that people write and the database can hold: trimmed, not empty. */
export const text = (max: number) => z.string().trim().min(1).max(max).regex(STORABLE_TEXT, 'has a character that cannot be stored');
