import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface DrawnPicture {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly state: 'loading' | 'shown' | 'failed';
}

/**
 * A stored picture, drawn on a canvas: no URL of it stays in a cache or history.
 * @param load the same function for the same picture
 */
export function useDrawnPicture(load: () => Promise<Blob>): DrawnPicture {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<DrawnPicture['state']>('loading');
  useEffect(() => {
    let gone = false;
    const draw = async () => {
      const bitmap = await createImageBitmap(await load());
      if (!gone && canvas.current) {
        canvas.current.width = bitmap.width;
        canvas.current.height = bitmap.height;
        canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0);
        setState('shown');
      }
      bitmap.close();
    };
    draw().catch(() => gone || setState('failed'));
    return () => void (gone = true);
  }, [load]);
  return { canvas, state };
}
