import { z } from 'zod';
import { Accommodations } from '../accommodations.ts';
import { SessionView } from '../down.ts';
import { Event, Id, Timestamp } from '../events.ts';
import { page } from './lists.ts';

export const StartSessionBody = z.object({ examId: Id });

export const Session = SessionView.omit({ open: true, score: true, rolling: true, level: true })
  .extend({
    riskScore: z.number(),
    rollingRisk: z.number(),
    riskLevel: SessionView.shape.level,
    /** `riskScore` without the events that people dismissed, and the level that follows. */
    reviewedScore: z.number(),
    reviewedLevel: SessionView.shape.level,
    endReason: z.string().nullable(),
    policyVersion: z.int(),
    /** What was applied when it started; null for nothing. */
    accommodations: Accommodations.nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

/** `url` is the socket's path; the ticket goes into the second subprotocol value, never into the URL. */
export const Ticket = z.object({ ticket: z.string(), expiresAt: Timestamp, url: z.string() }).meta({ id: 'Ticket' });
export type Ticket = z.infer<typeof Ticket>;

/** The event of the wire, under its name in the OpenAPI document. */
export const EventAnswer = Event.meta({ id: 'Event' });

export const SessionPage = page(Session);
export const EventPage = page(EventAnswer);
