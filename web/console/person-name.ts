import type { z } from 'zod';
import type { Person } from '../../protocol/http/reviews.ts';
import { t } from './messages.ts';

/** Name of a staff member with the email address, as names need not be unique. */
export function personName({ name, email }: z.infer<typeof Person>): string {
  if (!email) return name || t.review.unnamed;
  return name && name !== email ? `${name} (${email})` : email;
}
