import type { Session } from '../../protocol/http/sessions.ts';
import { LevelBadge } from '../shared/level-badge.tsx';

/** The score with all that was noted, and without what people dismissed. */
export const Scores = ({
  session: { riskScore, riskLevel, reviewedScore, reviewedLevel },
}: {
  readonly session: Session;
}) => (
  <dl class="scores">
    <div>
      <dt class="small muted">All that was noted</dt>
      <dd>
        <strong class="tabular">{riskScore}</strong> <LevelBadge level={riskLevel} />
      </dd>
    </div>
    <div>
      <dt class="small muted">Without what was dismissed</dt>
      <dd>
        <strong class="tabular">{reviewedScore}</strong> <LevelBadge level={reviewedLevel} />
      </dd>
    </div>
  </dl>
);
