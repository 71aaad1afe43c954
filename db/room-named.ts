import { type RawBuilder, sql } from 'kysely';

/** Whether a column is a room, upper and lower case alike: in the words of the index `sessions_ended_room`. */
export const isRoom = (column: string, room: string): RawBuilder<boolean> =>
  sql`lower(${sql.ref(column)}) = lower(${room}::text)`;
