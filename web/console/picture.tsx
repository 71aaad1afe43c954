import { useEffect, useRef, useState } from 'preact/hooks';
import { timeOfDay } from '../shared/time-format.ts';
import type { ConsoleClient } from './console-client.ts';

const STALE_MS = 5000;

interface PictureProps {
  readonly client: ConsoleClient;
  readonly session: string;
  /** Whether pictures are wanted at the moment. */
  readonly active: boolean;
  readonly fps: number;
  /** ms. */
  readonly now: number;
}

/** A session's watched frames. Drawn on a canvas: no image URLs, nothing that a cache could keep. */
export function Picture({ client, session, active, fps, now }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shownAt, setShownAt] = useState<number>();
  // A picture that stands still must not pass for a live one.
  const stale = shownAt !== undefined && now - shownAt > STALE_MS;
  useEffect(() => {
    if (!active) return;
    client.watch(session, fps);
    return () => client.unwatch(session);
  }, [client, session, active, fps]);
  useEffect(() => {
    let decoding = false;
    return client.on('frame', (frame) => {
      if (frame.session !== session || decoding) return;
      decoding = true;
      createImageBitmap(new Blob([frame.jpeg.slice()], { type: 'image/jpeg' }))
        .then((bitmap) => {
          if (canvas.current) draw(canvas.current, bitmap);
          bitmap.close();
          setShownAt(Date.now());
        })
        // A picture that cannot be decoded is replaced by the next.
        .catch(() => {})
        .finally(() => {
          decoding = false;
        });
    });
  }, [client, session]);
  return (
    <span class={stale ? 'picture stale' : 'picture'}>
      <canvas ref={canvas} width={320} height={240} hidden={shownAt === undefined} aria-hidden="true" />
      {shownAt === undefined && <span class="muted small">No picture</span>}
      {stale && <span class="badge age">from {timeOfDay(shownAt)}</span>}
    </span>
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}
