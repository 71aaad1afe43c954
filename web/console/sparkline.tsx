import { useEffect } from 'preact/hooks';
import { onTick } from '../shared/ticking.tsx';
import { type RiskPoint, sparkPath } from './risk-history.ts';
import { useRedraw } from './use-store.ts';

const BOX = { width: 120, height: 28, top: 10 };
/** Ten minutes on 120 px: one update moves the curve by 2 px. */
const EVERY_MS = 10_000;

interface SparklineProps {
  readonly points: readonly RiskPoint[];
  readonly halfLife: number;
  readonly live: boolean;
}

/** Rolling risk of the last ten minutes; decorative, as the tile also shows the risk as text. */
export function Sparkline({ points, halfLife, live }: SparklineProps) {
  const redraw = useRedraw();
  useEffect(() => {
    if (!live) return;
    let drawnAt = Date.now();
    return onTick((now) => {
      if (now - drawnAt < EVERY_MS) return;
      drawnAt = now;
      redraw();
    });
  }, [live]);
  return (
    <svg class="spark" viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={sparkPath(points, Date.now(), halfLife, BOX)} />
    </svg>
  );
}
