import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { SECURITY_KINDS, type SecurityKind } from '../security-kinds.ts';
import { page } from './lists.ts';

export const SecurityKindName = z.enum(Object.keys(SECURITY_KINDS) as [SecurityKind, ...SecurityKind[]]);

/**
 * A network under the key of a day: two entries of one day are of one network if these are equal. Nothing can be told
 * of it once the key is destroyed.
 */
export const AddressDigest = z
  .object({ day: z.iso.date(), digest: z.string().regex(/^[\w-]{16}$/) })
  .meta({ id: 'AddressDigest' });
export type AddressDigest = z.infer<typeof AddressDigest>;

/**
 * What a `SECURITY` entry says; its actor and time are the entry's. Entries of before 0.2 have `kind`, `target` and
 * `count` only.
 */
export const SecurityPayload = z
  .object({
    kind: SecurityKindName,
    target: Id.nullable(),
    /** Of the same, since the entry before. */
    count: z.int().min(1),
    /**
     * Of these: so many had another target, came from another network, or were of other actors, for which there was no
     * room.
     */
    folded: z.int().min(1).optional(),
    /** When an act that lasted began; the entry's time is its end. */
    since: Timestamp.optional(),
    address: AddressDigest.optional(),
  })
  .meta({ id: 'SecurityPayload' });
export type SecurityPayload = z.infer<typeof SecurityPayload>;

/** A `SECURITY` entry of the audit log, read. */
export const SecurityEntry = SecurityPayload.extend({
  id: Id,
  at: Timestamp,
  /** Null: nobody known. */
  actor: Id.nullable(),
}).meta({ id: 'SecurityEntry' });
export type SecurityEntry = z.infer<typeof SecurityEntry>;

export const SecurityPage = page(SecurityEntry);

/** In the body, not in the address of the request: those are logged by proxies. */
export const AddressQuestion = z.strictObject({ address: z.string().min(2).max(60) });
export const AddressDigestList = z.object({ items: z.array(AddressDigest) });
