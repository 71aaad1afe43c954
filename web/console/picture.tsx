import { useEffect, useRef, useState } from 'preact/hooks';
import { onTick } from '../shared/ticking.tsx';
import { timeOfDay } from '../shared/time-format.ts';
import type { ConsoleClient } from './console-client.ts';

const STALE_MS = 8000;

interface PictureProps {
  readonly client: ConsoleClient;
  readonly session: string;
  /** Whether pictures are wanted at the moment. */
  readonly active: boolean;
  /** Pictures a second. */
  readonly fps: number;
  /** Said instead of a picture. */
  readonly none?: string;
  /** Hears of each picture's size, pixels. */
  readonly onDrawn?: (width: number, height: number) => void;
}

/** A session's watched frames. Drawn on a canvas: no image URLs, nothing that a cache could keep. */
export function Picture({ client, session, active, fps, none = 'No picture', onDrawn }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shownAt = useRef<number>(undefined);
  /** Drawn again when a first picture comes or the picture goes stale, not for each picture. */
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
      createImageBitmap(new Blob([frame.jpeg.slice()], { type: 'image/jpeg' }))
        .then((bitmap) => {
          if (over) return bitmap.close();
          if (canvas.current) draw(canvas.current, bitmap);
          onDrawn?.(bitmap.width, bitmap.height);
          bitmap.close();
          shownAt.current = Date.now();
          setState('live');
        })
        // A picture that cannot be decoded is replaced by the next.
        .catch(() => {})
        .finally(() => {
          decoding = false;
        });
    });
    return () => {
      over = true;
      stop();
      // Nobody's face stays on the screen when they are gone.
      shownAt.current = undefined;
      canvas.current?.getContext('2d')?.clearRect(0, 0, canvas.current.width, canvas.current.height);
      setState('none');
    };
  }, [client, session, active]);
  // A picture that stands still must not pass for a live one.
  useEffect(
    () => onTick((now) => shownAt.current !== undefined && now - shownAt.current > STALE_MS && setState('stale')),
    [],
  );
  return (
    <span class={`picture ${state}`}>
      <canvas ref={canvas} width={320} height={240} hidden={state === 'none'} aria-hidden="true" />
      {state === 'none' && <span class="muted small">{none}</span>}
      {state === 'stale' && shownAt.current !== undefined && (
        <span class="badge age">from {timeOfDay(shownAt.current)}</span>
      )}
    </span>
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  // Setting a size clears and allocates, also when it is the same.
  if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
  if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}
