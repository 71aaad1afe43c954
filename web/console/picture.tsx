import { useEffect, useRef, useState } from 'preact/hooks';
import { onTick } from '../shared/ticking.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import type { ConsoleClient } from './console-client.ts';
import { t } from './messages.ts';

const STALE_MS = 8000;

interface PictureProps {
  readonly client: ConsoleClient;
  readonly session: string;
  /** Whether images are requested. */
  readonly active: boolean;
  /** Images per second. */
  readonly fps: number;
  /** Images are decoded to this width, pixels; as they come by default. */
  readonly width?: number | undefined;
  /** Shown without an image. */
  readonly none?: string;
  /** Called with the size of each image, pixels. */
  readonly onDrawn?: (width: number, height: number) => void;
}

/** Live images of a session, drawn on a canvas so that no image URL stays in a cache. */
export function Picture({ client, session, active, fps, width, none = t.wall.noImage, onDrawn }: PictureProps) {
  const zone = useZone();
  const canvas = useRef<HTMLCanvasElement>(null);
  const shownAt = useRef<number>(undefined);
  /** Changes with the first image and when the image goes stale, not with each image. */
  const [state, setState] = useState<'none' | 'live' | 'stale'>('none');
  useEffect(() => {
    if (!active) return;
    client.watch(session, fps);
    return () => client.unwatch(session);
  }, [client, session, active, fps]);
  useEffect(() => {
    if (!active) return;
    let decoding = false;
    let over = false;
    const stop = client.on('frame', (frame) => {
      if (frame.session !== session || decoding) return;
      decoding = true;
      const resize = width === undefined ? {} : { resizeWidth: width, resizeQuality: 'low' as const };
      createImageBitmap(new Blob([frame.jpeg.slice()], { type: 'image/jpeg' }), resize)
        .then((bitmap) => {
          if (over) return bitmap.close();
          if (canvas.current) draw(canvas.current, bitmap);
          onDrawn?.(bitmap.width, bitmap.height);
          bitmap.close();
          shownAt.current = Date.now();
          setState('live');
        })
        // An image that cannot be decoded is replaced by the next one.
        .catch(() => {})
        .finally(() => {
          decoding = false;
        });
    });
    return () => {
      over = true;
      stop();
      // Clears the last image: no face stays on the screen after a disconnect.
      shownAt.current = undefined;
      canvas.current?.getContext('2d')?.clearRect(0, 0, canvas.current.width, canvas.current.height);
      setState('none');
    };
  }, [client, session, active, width]);
  // A still image must not look like a live one.
  useEffect(
    () => onTick((now) => shownAt.current !== undefined && now - shownAt.current > STALE_MS && setState('stale')),
    [],
  );
  return (
    <span class={`picture ${state}`}>
      <canvas ref={canvas} width={320} height={240} hidden={state === 'none'} aria-hidden="true" />
      {state === 'none' && <span class="muted small">{none}</span>}
      {state === 'stale' && shownAt.current !== undefined && (
        <span class="badge age">{t.wall.imageFrom(zonedTimeOfDay(shownAt.current, zone))}</span>
      )}
    </span>
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  // Setting the size reallocates the canvas even when it is the same.
  if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
  if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}
