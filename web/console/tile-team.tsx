import type { Team } from '../../protocol/team.ts';
import { initials } from './initials.ts';
import { t } from './messages.ts';

interface TileTeamProps {
  readonly team: Team | undefined;
  /** User id of the person at this console. */
  readonly person: string;
}

/** Staff at work on a session, over its picture: who looks after it, who has it open, whether it was seen, notes. */
export function TileTeam({ team, person }: TileTeamProps) {
  if (!team) return null;
  const { seen, claim, notes } = team;
  const viewers = team.viewers.filter(({ id }) => id !== person);
  if (!claim && !seen && notes === 0 && viewers.length === 0) return null;
  const names = viewers.map(({ name }) => name).join(', ');
  const isMine = claim?.by.id === person;
  return (
    <ul class="plain tile-team">
      {claim && (
        <Mark
          name={isMine ? 'mine' : 'claim'}
          sign={initials(claim.by.name)}
          text={isMine ? t.wall.team.mine : t.wall.team.claimedBy(claim.by.name)}
        />
      )}
      {viewers[0] && (
        <Mark
          name="viewers"
          sign={viewers.length === 1 ? `\u25c9 ${initials(viewers[0].name)}` : `\u25c9 ${viewers.length}`}
          text={t.wall.team.openBy(names)}
        />
      )}
      {seen && <Mark name="seen" sign={`\u2713 ${initials(seen.by.name)}`} text={t.wall.team.seenBy(seen.by.name)} />}
      {notes > 0 && <Mark name="notes" sign={`\u270e ${notes}`} text={t.wall.team.notes(notes)} />}
    </ul>
  );
}

interface MarkProps {
  readonly name: string;
  readonly sign: string;
  readonly text: string;
}

const Mark = ({ name, sign, text }: MarkProps) => (
  <li class={`team-mark ${name}`} title={text}>
    <span aria-hidden="true">{sign}</span>
    <span class="unseen">{text}</span>
  </li>
);
