import { z } from 'zod';
import { SessionView } from './down.ts';
import { Event, Id, Timestamp } from './events.ts';
import { Policy } from './policy.ts';
import { STORABLE_TEXT } from './storable.ts';

/** Bodies and answers of the HTTP API. Passwords are measured in characters, 1024 at most to bound hashing. */

export const ROLES = ['student', 'proctor', 'admin'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

const Email = z.email().max(254).transform((email) => email.toLowerCase());
const NewPassword = z.string().min(8).max(1024);
const text = (max: number) => z.string().trim().min(1).max(max).regex(STORABLE_TEXT, 'has a character that cannot be stored');
const Name = text(200);

export const User = z.object({ id: Id, email: z.string(), name: z.string(), role: Role, createdAt: Timestamp });
export type User = z.infer<typeof User>;

/** A `role` in the body is ignored: registering makes students only. */
export const RegisterBody = z.object({ email: Email, password: NewPassword, name: Name.optional() });
export const LoginBody = z.object({ email: Email, password: z.string().min(1).max(1024) });
export const RefreshBody = z.object({ refreshToken: z.string().min(1).max(512) });
export const SetupBody = z.object({ token: z.string().min(1).max(128), email: Email, password: NewPassword, name: Name.optional() });
export const CreateUserBody = z.object({ email: Email, password: NewPassword, name: Name.optional(), role: Role });

export const Tokens = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  /** Seconds the access token is valid. */
  expiresIn: z.int(),
  user: User,
});
export type Tokens = z.infer<typeof Tokens>;

export const EXAM_STATUSES = ['draft', 'scheduled', 'active', 'completed', 'archived'] as const;

export const CreateExamBody = z
  .object({
    title: text(300),
    startsAt: Timestamp.nullish(),
    endsAt: Timestamp.nullish(),
    durationMinutes: z.int().min(1).max(24 * 60).nullish(),
    status: z.enum(EXAM_STATUSES).default('draft'),
    policy: Policy.prefault({}),
  })
  .refine((exam) => !exam.startsAt || !exam.endsAt || Date.parse(exam.startsAt) < Date.parse(exam.endsAt), {
    path: ['endsAt'],
    message: 'must be after startsAt',
  });

export const Exam = z.object({
  id: Id,
  title: z.string(),
  startsAt: Timestamp.nullable(),
  endsAt: Timestamp.nullable(),
  durationMinutes: z.int().nullable(),
  status: z.enum(EXAM_STATUSES),
  policy: z.unknown(),
  policyVersion: z.int(),
  createdAt: Timestamp,
});
export type Exam = Omit<z.infer<typeof Exam>, 'policy'> & { policy: Policy };

export const StartSessionBody = z.object({ examId: Id });

export const Session = SessionView.omit({ open: true, score: true, rolling: true, level: true }).extend({
  riskScore: z.number(),
  rollingRisk: z.number(),
  riskLevel: SessionView.shape.level,
  endReason: z.string().nullable(),
  policyVersion: z.int(),
});
export type Session = z.infer<typeof Session>;

/** `url` is the socket's path; the ticket goes into the second subprotocol value, never into the URL. */
export const Ticket = z.object({ ticket: z.string(), expiresAt: Timestamp, url: z.string() });
export type Ticket = z.infer<typeof Ticket>;

export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export const ExamPage = page(Exam);
export const SessionPage = page(Session);
export const EventPage = page(Event);

export const PageQuery = z.object({
  /** Id of the last item of the page before. */
  cursor: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
