import { UUID } from '../../../protocol/uuid.ts';
import type { FoundEntry } from '../../../db/audit/search.ts';
import { type AuditListing, MOST_LISTED } from '../../../protocol/http/audit-search.ts';

/** Longest payload in a list, bytes. */
export const MOST_PAYLOAD = 64 * 1024;

/** Pure: an entry with its payload parsed and its lists cut. */
export function listingOf(row: FoundEntry): AuditListing {
  const { details, cut } = cutLists(parsed(row.payload));
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind: row.kind,
    eventType: row.event_type,
    entityType: row.entity_type,
    entityId: row.entity_id,
    position: row.position,
    actor: row.actor,
    details,
    omitted: details ? null : row.payload ? 'unreadable' : 'long',
    cut,
    bytes: row.bytes,
    hash: Buffer.from(row.hash).toString('base64url'),
  };
}

/** Null for a payload that the server cannot have written: verification names it. */
function parsed(payload: Uint8Array | null): Record<string, unknown> | null {
  if (!payload) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function cutLists(value: Record<string, unknown> | null): Pick<AuditListing, 'details' | 'cut'> {
  const cut: Record<string, number> = {};
  if (!value) return { details: null, cut };
  const fields = Object.entries(value).map(([name, field]) => {
    if (!Array.isArray(field) || field.length <= MOST_LISTED) return [name, field] as const;
    cut[name] = field.length;
    return [name, field.slice(0, MOST_LISTED) as unknown[]] as const;
  });
  return { details: Object.fromEntries(fields), cut };
}

const ID = new RegExp(`^${UUID}$`);
const idsIn = (value: unknown): string[] =>
  typeof value === 'string' ? (ID.test(value) ? [value] : []) : Array.isArray(value) ? value.flatMap(idsIn) : [];

/** Values before and after, by field. */
const isChanges = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Pure: ids of everything that an entry names. */
export const idsOf = ({ actor, entityId, details }: AuditListing): string[] => [
  ...(actor === null ? [] : [actor]),
  entityId,
  ...Object.values(details ?? {}).flatMap(idsIn),
  ...(isChanges(details?.['changes']) ? Object.values(details['changes']).flatMap(idsIn) : []),
];
