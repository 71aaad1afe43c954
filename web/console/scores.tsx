import type { Session } from '../../protocol/http/sessions.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
import { t } from './messages.ts';

/** Scores of all events, and excluding dismissed ones. */
export const Scores = ({
  session: { riskScore, riskLevel, reviewedScore, reviewedLevel },
}: {
  readonly session: Session;
}) => (
  <dl class="scores">
    <div>
      <dt class="small muted">{t.review.allEvents}</dt>
      <dd>
        <strong class="tabular">{riskScore}</strong> <LevelBadge level={riskLevel} />
      </dd>
    </div>
    <div>
      <dt class="small muted">{t.review.excludingDismissed}</dt>
      <dd>
        <strong class="tabular">{reviewedScore}</strong> <LevelBadge level={reviewedLevel} />
      </dd>
    </div>
  </dl>
);
