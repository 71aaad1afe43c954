import { useEffect, useState } from 'preact/hooks';
import { onTick } from '../shared/ticking.tsx';
import type { ConsoleClient } from './console-client.ts';
import { type Arrival, arrived, linkQuality } from './link-quality.ts';
import { t } from './messages.ts';

const TONES = { good: 'low', fair: 'medium', poor: 'high', none: '' } as const;

interface NetworkLineProps {
  readonly client: ConsoleClient;
  readonly session: string;
  readonly live: boolean;
}

/** Frame rate and connection quality, from the images that arrive. */
export function NetworkLine({ client, session, live }: NetworkLineProps) {
  const [quality, setQuality] = useState(() => linkQuality([], 0));
  useEffect(() => {
    let arrivals: readonly Arrival[] = [];
    const stops = [
      client.on('frame', (frame) => {
        if (frame.session === session)
          arrivals = arrived(arrivals, { at: Date.now(), capturedAt: frame.capturedAt, bytes: frame.jpeg.byteLength });
      }),
      onTick((now) => setQuality(linkQuality(arrivals, now))),
    ];
    return () => stops.forEach((stop) => stop());
  }, [client, session]);
  if (!live) return null;
  const { grade, fps, rate, delay } = quality;
  return (
    <div class="row tight small">
      <span class={`badge ${TONES[grade]}`}>{t.session.link[grade]}</span>
      {grade !== 'none' && <span class="tabular muted">{t.session.linkDetail(fps.toFixed(1), rate, delay)}</span>}
    </div>
  );
}
