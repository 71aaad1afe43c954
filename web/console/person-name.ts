import type { z } from 'zod';
import type { Person } from '../../protocol/http/reviews.ts';

/** A person of the staff, with their address: two can have one name. */
export function personName({ name, email }: z.infer<typeof Person>): string {
  if (!email) return name || 'an account without a name';
  return name && name !== email ? `${name} (${email})` : email;
}
