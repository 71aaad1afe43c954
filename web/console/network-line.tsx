import { useEffect, useState } from 'preact/hooks';
import { onTick } from '../shared/ticking.tsx';
import type { ConsoleClient } from './console-client.ts';
import { type Arrival, arrived, linkQuality } from './link-quality.ts';

const BADGES = { good: 'low', fair: 'medium', poor: 'high', none: '' } as const;
const WORDS = {
  good: 'Good connection',
  fair: 'Fair connection',
  poor: 'Poor connection',
  none: 'No pictures',
} as const;

interface NetworkLineProps {
  readonly client: ConsoleClient;
  readonly session: string;
  readonly live: boolean;
}

/** Frame rate and quality of the connection, from the pictures that arrive. */
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
  const { word, fps, rate, delay } = quality;
  return (
    <div class="row tight small">
      <span class={`badge ${BADGES[word]}`}>{WORDS[word]}</span>
      {word !== 'none' && (
        <span class="tabular muted">
          {fps.toFixed(1)} pictures/s shown · {rate} KiB/s · up to {delay} ms late
        </span>
      )}
    </div>
  );
}
