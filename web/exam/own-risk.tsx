import type { Risk } from '../../protocol/events.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
import { number } from '../shared/messages/numbers.ts';
import { t } from './messages.ts';

/** The student's own score, for exams whose policy shows it, with what it means. */
export function OwnRisk({ risk }: { readonly risk: Risk }) {
  return (
    <div class="stack tight">
      <LevelBadge level={risk.level} />
      <dl class="facts small tabular">
        <dt>{t.score}</dt>
        <dd>{number(Math.round(risk.score))}</dd>
        <dt>{t.recent}</dt>
        <dd>{number(Math.round(risk.rolling * 10) / 10)}</dd>
      </dl>
      <p class="muted small">{t.scoreMeaning}</p>
    </div>
  );
}
