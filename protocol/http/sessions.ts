import { z } from 'zod';
import { Attention } from '../attention.ts';
import { SessionAccommodations } from '../accommodations.ts';
import { SessionView } from '../down.ts';
import { Event, Id, Timestamp } from '../events.ts';
import { page } from './lists.ts';

export const StartSessionBody = z.object({
  examId: Id,
  studentId: Id.optional().describe('Required from admins and API keys, who start sessions of students.'),
});

/** Who started a session: its student, an admin or an API key; `id` is the id of the account or the key. */
export const StartedBy = z.object({ kind: z.enum(['student', 'staff', 'key']), id: Id }).meta({ id: 'StartedBy' });

export const Session = SessionView.omit({
  open: true,
  score: true,
  rolling: true,
  level: true,
  client: true,
  requests: true,
  conversation: true,
})
  .extend({
    riskScore: z.number(),
    rollingRisk: z.number(),
    riskLevel: SessionView.shape.level,
    /** `riskScore` excluding dismissed events, and its level. */
    reviewedScore: z.number(),
    reviewedLevel: SessionView.shape.level,
    endReason: z.string().nullable(),
    policyVersion: z.int(),
    /** Accommodations applied at the start; null if none. Students get them without the note for proctors. */
    accommodations: SessionAccommodations.meta({ id: 'SessionAccommodations' }).nullable(),
    startedBy: StartedBy,
    attention: Attention.optional().describe('For staff; absent for students.'),
    attempt: z.int().min(1).describe("Number among the student's attempts at the exam."),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

/** Answer to a start. `serverTime`: count down to `deadline` from it, since clocks of clients are wrong. */
export const StartedSession = Session.extend({ serverTime: Timestamp }).meta({ id: 'StartedSession' });
export type StartedSession = z.infer<typeof StartedSession>;

/** `url` is the path of the socket. The ticket is the second subprotocol value, never part of the URL. */
export const Ticket = z.object({ ticket: z.string(), expiresAt: Timestamp, url: z.string() }).meta({ id: 'Ticket' });
export type Ticket = z.infer<typeof Ticket>;

/** Event, under its name in the OpenAPI document. */
export const EventAnswer = Event.meta({ id: 'Event' });

export const EventPage = page(EventAnswer);
