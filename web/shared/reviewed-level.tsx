import type { Level } from '../../protocol/event-types.ts';
import { LevelBadge } from './level-badge.tsx';
import { common } from './messages/common.ts';
import { eventText } from './messages/events.ts';

interface ReviewedLevelProps {
  /** Of all events. */
  readonly first: Level;
  readonly reviewed: Level;
}

/** The risk level after review, with the first one where they differ. */
export const ReviewedLevel = ({ first, reviewed }: ReviewedLevelProps) => (
  <>
    <LevelBadge level={reviewed} />
    {first !== reviewed && <span class="small muted"> {common.levelBefore(eventText.risk[first])}</span>}
  </>
);
