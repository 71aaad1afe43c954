import type { Attention } from '../../protocol/attention.ts';
import type { Level } from '../../protocol/event-types.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
import { AttentionBadge, isUnseen } from './attention.tsx';
import { t } from './messages.ts';
import type { AttemptView } from './use-session.ts';

/** Scores and attention of all events, and excluding dismissed ones. */
export function Scores({ session, attention }: Pick<AttemptView, 'session' | 'attention'>) {
  const shown = isUnseen(session) ? undefined : attention;
  const { riskScore, riskLevel, reviewedScore, reviewedLevel } = session;
  return (
    <dl class="scores">
      <Score name={t.review.allEvents} score={riskScore} level={riskLevel} attention={shown?.all} />
      <Score
        name={t.review.excludingDismissed}
        score={reviewedScore}
        level={reviewedLevel}
        attention={shown?.reviewed}
      />
    </dl>
  );
}

interface ScoreProps {
  readonly name: string;
  readonly score: number;
  readonly level: Level;
  readonly attention: Attention | undefined;
}

const Score = ({ name, score, level, attention }: ScoreProps) => (
  <div>
    <dt class="small muted">{name}</dt>
    <dd>
      <strong class="tabular">{score}</strong> <LevelBadge level={level} />
      {attention && (
        <>
          {' '}
          <span class="small muted">{t.review.highestAttention}</span> <AttentionBadge of={attention} />
        </>
      )}
    </dd>
  </div>
);
