import type { SessionView } from './session-view.ts';

/** What the server saw in the last picture that it looked at. */
export function LookLine({ view }: { readonly view: SessionView }) {
  return <p class="muted small">{words(view)}</p>;
}

function words({ analysis, vision, paused, fault }: SessionView): string {
  if (paused) return 'Paused: no pictures are sent.';
  if (vision === 'off') return 'The server does not look at pictures at the moment.';
  if (fault) return '';
  if (!analysis) return 'Waiting for the server to look at a picture …';
  if (analysis.faces === 0) return 'No face is seen.';
  return analysis.faces === 1 ? 'One face is seen, as it should be.' : `${analysis.faces} faces are seen.`;
}
