import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { SECURITY_KINDS, type SecurityKind } from '../security-kinds.ts';
import { page } from './lists.ts';

export const SecurityKindName = z.enum(Object.keys(SECURITY_KINDS) as [SecurityKind, ...SecurityKind[]]);

/**
 * Digest of a network address under the key of a day: equal for the same network on the same day. Reveals nothing once
 * the key is destroyed.
 */
export const AddressDigest = z
  .object({ day: z.iso.date(), digest: z.string().regex(/^[\w-]{16}$/) })
  .meta({ id: 'AddressDigest' });
export type AddressDigest = z.infer<typeof AddressDigest>;

/** Payload of a `SECURITY` entry. Entries from before 0.2 have `kind`, `target` and `count` only. */
export const SecurityPayload = z
  .object({
    kind: SecurityKindName,
    target: Id.nullable(),
    /** Identical events since the previous entry. */
    count: z.int().min(1),
    /** Of these, events with another target, network or actor, which exceeded the limit of separate entries. */
    folded: z.int().min(1).optional(),
    /** Start of a lasting act; the entry's time is its end. */
    since: Timestamp.optional(),
    address: AddressDigest.optional(),
  })
  .meta({ id: 'SecurityPayload' });
export type SecurityPayload = z.infer<typeof SecurityPayload>;

/** A decoded `SECURITY` entry of the audit log. */
export const SecurityEntry = SecurityPayload.extend({
  id: Id,
  at: Timestamp,
  /** Null if unknown. */
  actor: Id.nullable(),
}).meta({ id: 'SecurityEntry' });
export type SecurityEntry = z.infer<typeof SecurityEntry>;

export const SecurityPage = page(SecurityEntry);

/** In the body and not in the URL, which proxies log. */
export const AddressQuestion = z.strictObject({ address: z.string().min(2).max(60) });
export const AddressDigestList = z.object({ items: z.array(AddressDigest) });
