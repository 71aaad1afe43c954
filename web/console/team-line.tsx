import type { Team } from '../../protocol/team.ts';
import { t } from './messages.ts';

interface TeamLineProps {
  readonly team: Team | undefined;
  /** User id of the person at this console. */
  readonly person: string;
}

/** Who looks after a session and who has it open, in one line. */
export function TeamLine({ team, person }: TeamLineProps) {
  const viewers = (team?.viewers ?? []).filter(({ id }) => id !== person).map(({ name }) => name);
  const parts = [
    team?.claim && (team.claim.by.id === person ? t.wall.team.mine : t.wall.team.claimedBy(team.claim.by.name)),
    viewers.length > 0 && t.wall.team.openBy(viewers.join(', ')),
  ].filter(Boolean);
  return parts.length > 0 ? <p class="small muted">{parts.join(' · ')}</p> : null;
}
