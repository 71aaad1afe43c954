import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { PageLimit } from './lists.ts';
import { longText } from './text.ts';

/** Conversation of a student and the staff of the exam, and its templates. */

/** Somebody of the staff. For students the name is null, unless the policy shows names of staff. */
const Staff = z.object({ id: Id, name: z.string().nullable() });

export const ConversationItem = z
  .object({
    id: Id.describe('Of the event that records it.'),
    seq: z.int().min(1).describe('Of the event.'),
    kind: z.enum(['message', 'hand_raised', 'hand_lowered']),
    from: z.enum(['student', 'staff']),
    staff: Staff.nullable().describe('Author, of the staff; null for the student.'),
    at: Timestamp,
    text: z.string().nullable().describe('Of a message.'),
    deliveredAt: Timestamp.nullable().describe('Message of staff: when the exam client had it.'),
    readAt: Timestamp.nullable().describe('When the exam page had shown it, or when staff had read it.'),
    readBy: Staff.nullable().describe('Of the staff, for a message of the student.'),
  })
  .meta({ id: 'ConversationItem' });
export type ConversationItem = z.infer<typeof ConversationItem>;

export const Conversation = z
  .object({
    items: z.array(ConversationItem).describe('Oldest first.'),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

/** `cursor`: `seq` of the last item of the page before. */
export const ConversationQuery = z.object({
  cursor: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  limit: PageLimit,
});

export const ReadBody = z.strictObject({
  upTo: z.int().min(1).max(2_147_483_647).describe('Highest `seq` that the person has read.'),
});

export const ReadAnswer = z
  .object({ unread: z.int().min(0).describe('Messages of the student that nobody has read.') })
  .meta({ id: 'ReadAnswer' });

/** `handRaised`: true if the student has raised it again. */
export const LoweredHand = z.object({ handRaised: z.boolean() }).meta({ id: 'LoweredHand' });

/** Templates of an exam, at most. */
export const MAX_TEMPLATES = 30;

const Templates = z.array(longText(500)).max(MAX_TEMPLATES);

export const MessageTemplates = z
  .object({ items: Templates.nullable().describe('Null: the standard ones of the console.') })
  .meta({ id: 'MessageTemplates' });
export type MessageTemplates = z.infer<typeof MessageTemplates>;

export const MessageTemplatesBody = z.strictObject({
  items: Templates.nullable().describe('Null: the standard ones of the console.'),
});
