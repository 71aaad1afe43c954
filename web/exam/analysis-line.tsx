import { t } from './messages.ts';
import type { SessionView } from './session-view.ts';

interface AnalysisLineProps {
  readonly view: SessionView;
  /** Announced by screen readers when it changes. */
  readonly live?: boolean;
}

/** Result of the last analysed image. */
export function AnalysisLine({ view, live = false }: AnalysisLineProps) {
  return (
    <p class="muted small" role={live ? 'status' : undefined}>
      {textOf(view)}
    </p>
  );
}

function textOf({ link, analysis, vision, paused, fault }: SessionView): string {
  if (link.state !== 'live') return '';
  if (paused) return t.imagesPaused;
  if (vision === 'off') return t.analysisOff;
  if (fault) return '';
  if (!analysis) return t.firstImage;
  // Faces that are too small to count, such as posters, are not mentioned.
  const { faces, others = faces - 1, tooDark } = analysis;
  if (faces === 0) return t.faces(0);
  return tooDark ? `${t.faces(1 + others)} ${t.tooDark}` : t.faces(1 + others);
}
