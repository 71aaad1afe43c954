import { z } from 'zod';
import { kindsOf } from '../audit-kinds.ts';
import { Id, Timestamp } from '../events.ts';
import { AuditEntity } from './audit.ts';
import { PageLimit } from './lists.ts';
import { StoredTime } from './stored-time.ts';

/** Search of the audit log. */
export const AuditSearchQuery = z.object({
  person: Id.optional().describe('Entries by this account or API key, about it, or about its sessions.'),
  exam: Id.optional().describe('Entries about this exam and its sessions.'),
  session: Id.optional(),
  kind: z
    .string()
    .max(40)
    .refine((name) => kindsOf(name) !== undefined, 'must be a kind of entry, or a group of kinds')
    .optional()
    .describe(
      'A kind: an event type such as VERDICT_GIVEN, or a kind of security event such as camera_watched. Or a group of them: watching, pictures, exports, decisions, commands, sessions, exams, enrolments, people, logins, settings, deletions, records, refusals. Without it, entries of events (EVENTS_STORED) are left out; they are listed for one session.',
    ),
  from: StoredTime.optional().describe('Earliest time of the act.'),
  to: StoredTime.optional().describe('Acts before this time.'),
  cursor: z.string().max(120).optional().describe('`nextCursor` of the previous page.'),
  limit: PageLimit,
});

/** Longest list in the details of an entry; longer ones are cut. */
export const MOST_LISTED = 20;

export const AuditListing = z
  .object({
    id: Id,
    at: Timestamp,
    kind: z.string().describe('Event type, or kind of a security event.'),
    eventType: z.string(),
    entityType: AuditEntity,
    entityId: Id,
    position: z.int(),
    actor: Id.nullable().describe('Account or API key; null: the server, or somebody unknown.'),
    details: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe(`The payload; lists have at most ${MOST_LISTED} items.`),
    omitted: z
      .enum(['long', 'unreadable'])
      .nullable()
      .describe('Why the details are null: over 64 KiB, or not a JSON object.'),
    cut: z.record(z.string(), z.int()).describe('Numbers of items of the lists that were cut.'),
    bytes: z.int().describe('Size of the payload.'),
    hash: z.string(),
  })
  .meta({ id: 'AuditListing' });
export type AuditListing = z.infer<typeof AuditListing>;

export const AuditNamed = z
  .object({
    id: Id,
    type: z.enum(['user', 'exam', 'session', 'event', 'key', 'profile', 'organisation', 'name_change']),
    name: z
      .string()
      .describe("Name or title; of a session its student's name, of an event its type, of a changed name the new one."),
    examId: Id.nullable(),
    examTitle: z.string().nullable(),
    sessionId: Id.nullable().describe('Session of an event.'),
    detail: z
      .string()
      .nullable()
      .describe("Role of an account, kind of a profile, id of a session's student, former name."),
  })
  .meta({ id: 'AuditNamed' });
export type AuditNamed = z.infer<typeof AuditNamed>;

export const AuditSearchPage = z.object({
  items: z.array(AuditListing),
  nextCursor: z.string().nullable(),
  names: z.array(AuditNamed).describe('Objects that the entries name by their ids, as far as they exist.'),
});
export type AuditSearchPage = z.infer<typeof AuditSearchPage>;
