import type { Level } from '../../protocol/event-types.ts';
import { GradeBadge } from './grade-badge.tsx';
import { eventText } from './messages/events.ts';

const GRADES = { Low: 'low', Medium: 'medium', High: 'high' } as const;

/** A risk level. */
export const LevelBadge = ({ level }: { readonly level: Level }) => (
  <GradeBadge grade={GRADES[level]} text={eventText.risk[level]} />
);
