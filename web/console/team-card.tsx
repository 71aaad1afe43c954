import type { SessionView } from '../../protocol/down.ts';
import type { User } from '../../protocol/http/accounts.ts';
import type { Team } from '../../protocol/team.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { HAND_OVER_BUTTON, HandOverDialog } from './hand-over-dialog.tsx';
import { t } from './messages.ts';
import type { TeamActs } from './use-team.ts';

interface TeamCardProps {
  readonly api: Api;
  readonly user: User;
  readonly session: SessionView;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  readonly team: Team | undefined;
  readonly acts: TeamActs;
  readonly mayCommand: boolean;
}

/** Who looks after a session, who else has it open, and who has seen it. */
export function TeamCard({ api, user, session, name, team, acts, mayCommand }: TeamCardProps) {
  const zone = useZone();
  const claim = team?.claim ?? null;
  const isMine = claim?.by.id === user.id;
  const others = (team?.viewers ?? []).filter(({ id }) => id !== user.id).map(({ name: other }) => other);
  const words = t.session.team;
  const isRunning = session.status !== 'ended';
  return (
    <section class="card stack tight" aria-labelledby="team">
      <h2 id="team">{words.title}</h2>
      <div role="status" class="stack tight small">
        <p>
          {!claim
            ? words.nobody
            : isMine
              ? words.mine(zonedTimeOfDay(claim.at, zone))
              : words.theirs(claim.by.name, zonedTimeOfDay(claim.at, zone))}
          {claim?.from && ` ${words.from(claim.from.name)}`}
        </p>
        {others.length > 0 && <p>{words.open(others.join(', '))}</p>}
        {team?.seen && <p class="muted">{words.seen(team.seen.by.name, zonedTimeOfDay(team.seen.at, zone))}</p>}
      </div>
      {mayCommand && isRunning && (
        <div class="row">
          <button disabled={acts.busy} onClick={() => acts.claim(isMine ? null : user.id)}>
            {isMine ? words.release : claim ? words.takeOver : words.take}
          </button>
          <button
            id={HAND_OVER_BUTTON}
            aria-haspopup="dialog"
            disabled={acts.busy}
            onClick={() => acts.setHanding(true)}
          >
            {words.handOver}
          </button>
          <button disabled={acts.busy} onClick={acts.seen}>
            {t.wall.markSeen}
          </button>
        </div>
      )}
      <Problem>{acts.error}</Problem>
      {acts.handing && (
        <HandOverDialog
          api={api}
          session={session.id}
          name={name}
          onChosen={(to) => {
            acts.setHanding(false);
            acts.claim(to);
          }}
          onClose={() => acts.setHanding(false)}
        />
      )}
    </section>
  );
}
