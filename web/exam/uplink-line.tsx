import { t } from './messages.ts';
import type { SessionView } from './session-view.ts';

/** Says that camera images are reduced for a slow connection. The element stays, so that screen readers announce it. */
export function UplinkLine({ view: { link, uplink } }: { readonly view: SessionView }) {
  const isReduced = link.state === 'live' && uplink === 'reduced';
  return (
    <p class="muted small" role="status">
      {isReduced && t.slowUplink}
    </p>
  );
}
