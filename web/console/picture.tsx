import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConsoleClient } from './console-client.ts';

interface PictureProps {
  readonly client: ConsoleClient;
  readonly session: string;
  /** Whether pictures are wanted at the moment. */
  readonly active: boolean;
  readonly fps: number;
}

/** A session's watched frames. Drawn on a canvas: no image URLs, nothing that a cache could keep. */
export function Picture({ client, session, active, fps }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
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
          setShown(true);
        })
        // A picture that cannot be decoded is replaced by the next.
        .catch(() => {})
        .finally(() => {
          decoding = false;
        });
    });
  }, [client, session]);
  return (
    <span class="picture">
      <canvas ref={canvas} width={320} height={240} hidden={!shown} aria-hidden="true" />
      {!shown && <span class="muted small">No picture</span>}
    </span>
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}
