import { useEffect, useState } from 'preact/hooks';
import type { Evidence } from '../../protocol/http/evidence.ts';
import { number } from '../shared/messages/numbers.ts';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';
import type { PictureCache } from './picture-cache.ts';
import { StoredPicture } from './stored-picture.tsx';
import { useReducedMotion } from './use-reduced-motion.ts';

/** Time that each picture is shown while the strip plays, ms. */
const FRAME_MS = 700;

interface FrameStripProps {
  readonly pictures: PictureCache;
  /** Oldest first. */
  readonly frames: readonly Pick<Evidence, 'id' | 'kind' | 'at'>[];
  /** Changes when the key for playing is pressed; 0: not yet. */
  readonly played: number;
}

/** The pictures of an incident or a group one after the other: played once, or step by step. */
export function FrameStrip({ pictures, frames, played }: FrameStripProps) {
  const zone = useZone();
  const isStill = useReducedMotion();
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const last = frames.length - 1;
  const step = (by: 1 | -1) => {
    setPlaying(false);
    setAt((now) => Math.min(last, Math.max(0, now + by)));
  };
  const toggle = () => {
    // Nothing moves by itself for those who asked for that: the key goes on by one picture.
    if (isStill) return setAt((now) => (now >= last ? 0 : now + 1));
    if (!playing && at >= last) setAt(0);
    setPlaying(!playing);
  };
  useEffect(() => {
    if (played > 0) toggle();
  }, [played]);
  useEffect(() => {
    if (!playing) return;
    if (at >= last) return setPlaying(false);
    const timer = setTimeout(() => setAt(at + 1), FRAME_MS);
    return () => clearTimeout(timer);
  }, [playing, at, last]);
  const frame = frames[Math.min(at, last)];
  if (!frame) return null;
  const caption = t.review.imageAt(t.review.evidence[frame.kind], zonedTimeOfDay(frame.at, zone));
  return (
    <div class="strip" role="group" aria-label={t.review.strip}>
      <StoredPicture
        pictures={pictures}
        id={frame.id}
        label={t.review.stripImage(number(Math.min(at, last) + 1), number(frames.length), caption)}
      />
      <div class="row tight">
        <button class="small" disabled={at <= 0} onClick={() => step(-1)}>
          {t.review.stripBack}
        </button>
        {!isStill && (
          <button class="small" aria-pressed={playing} onClick={toggle}>
            {playing ? t.review.stripPause : t.review.stripPlay}
          </button>
        )}
        <button class="small" disabled={at >= last} onClick={() => step(1)}>
          {t.review.stripForward}
        </button>
        <span class="small muted tabular" aria-live={playing ? 'off' : 'polite'}>
          {t.review.stripAt(number(Math.min(at, last) + 1), number(frames.length))} · {caption}
        </span>
      </div>
    </div>
  );
}
