import { listOpen } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { listSessionsOf } from '../../../db/sessions-of-students.ts';
import { findUsers, type UserRow } from '../../../db/users.ts';
import type { LiveAccess } from '../../access/live-access.ts';
import type { Clock } from '../../clock.ts';
import type { Feed } from '../../feed/feed.ts';
import { sessionView } from '../record/session-view.ts';
import type { SessionRegistry } from './session-registry.ts';

/** Sessions that consoles are told about, the newest: older ones show the name when they are opened again. */
const MOST = 500;

export interface FollowNamesParts {
  readonly db: Db;
  readonly registry: Pick<SessionRegistry, 'find'>;
  readonly feed: Pick<Feed, 'publish'>;
  readonly access: Pick<LiveAccess, 'know'>;
  readonly clock: Clock;
  /** Of staff at work on sessions. */
  readonly renameStaff: (people: readonly Pick<UserRow, 'id' | 'name'>[]) => void;
}

/** After COMMIT: open consoles show the present names and addresses of people, also of those that are anonymised. */
export async function followNames(
  { db, registry, feed, access, clock, renameStaff }: FollowNamesParts,
  userIds: readonly string[],
): Promise<void> {
  if (userIds.length === 0) return;
  renameStaff(await findUsers(db, userIds));
  const rows = await listSessionsOf(db, userIds, MOST);
  if (rows.length === 0) return;
  await access.know(rows.map((row) => row.exam_id));
  const open = await listOpen(
    db,
    rows.map(({ id }) => id),
  );
  for (const row of rows) {
    const live = registry.find(row.id);
    if (live) live.rename(row);
    else {
      const types = open.filter((event) => event.session_id === row.id).map(({ type }) => type);
      feed.publish({ view: sessionView(row, row, undefined, types, clock()), changes: [], stateChanged: true });
    }
  }
}
