import type { ConsoleDown } from '../../protocol/down.ts';
import type { Team } from '../../protocol/team.ts';

/** Staff at work on sessions, by session. */
export type Teams = ReadonlyMap<string, Team>;

/**
 * Pure: the state after several messages, applied in order. After a snapshot the server names only sessions of which
 * there is something to tell.
 */
export function applyTeams(
  before: Teams,
  messages: readonly ConsoleDown[],
): { readonly teams: Teams; readonly changed: readonly string[] } {
  if (!messages.some(({ type }) => type === 'team' || type === 'snapshot')) return { teams: before, changed: [] };
  const teams = new Map(before);
  const changed = new Set<string>();
  for (const message of messages) {
    if (message.type === 'snapshot') {
      for (const id of teams.keys()) changed.add(id);
      teams.clear();
    }
    if (message.type !== 'team') continue;
    for (const team of message.sessions) {
      teams.set(team.session, team);
      changed.add(team.session);
    }
  }
  return { teams, changed: [...changed] };
}
