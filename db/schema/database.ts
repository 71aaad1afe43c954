import type { EventsTable } from './events.ts';
import type { ExamsTable } from './exams.ts';
import type { RefreshTokensTable } from './refresh-tokens.ts';
import type { SessionsTable } from './sessions.ts';
import type { UsedTicketsTable } from './used-tickets.ts';
import type { UsersTable } from './users.ts';

export interface Schema {
  users: UsersTable;
  refresh_tokens: RefreshTokensTable;
  exams: ExamsTable;
  sessions: SessionsTable;
  events: EventsTable;
  used_tickets: UsedTicketsTable;
}
