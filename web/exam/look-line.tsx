import type { SessionView } from './session-view.ts';

interface LookLineProps {
  readonly view: SessionView;
  /** Said aloud by screen readers when it changes. */
  readonly live?: boolean;
}

/** What the server saw in the last picture that it looked at. */
export function LookLine({ view, live = false }: LookLineProps) {
  return (
    <p class="muted small" role={live ? 'status' : undefined}>
      {words(view)}
    </p>
  );
}

function words({ link, analysis, vision, paused, fault }: SessionView): string {
  if (link.state !== 'live') return '';
  if (paused) return 'Paused: no pictures are sent.';
  if (vision === 'off') return 'The server does not look at pictures at the moment.';
  if (fault) return '';
  if (!analysis) return 'Waiting for the server to look at a picture …';
  if (analysis.faces === 0) return 'No face is seen.';
  return analysis.faces === 1 ? 'One face is seen, as it should be.' : `${analysis.faces} faces are seen.`;
}
