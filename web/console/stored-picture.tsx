import { useEffect, useRef, useState } from 'preact/hooks';
import { common } from '../shared/messages/common.ts';
import { t } from './messages.ts';
import type { PictureCache } from './picture-cache.ts';

interface StoredPictureProps {
  readonly pictures: PictureCache;
  readonly id: string;
  /** Undefined: decoration, as in a row that says in words what it shows. */
  readonly label?: string | undefined;
}

/** A stored picture, drawn on a canvas. */
export function StoredPicture({ pictures, id, label }: StoredPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  useEffect(() => {
    let gone = false;
    const load = async () => {
      const bitmap = await createImageBitmap(await pictures.load(id));
      if (!gone && canvas.current) {
        canvas.current.width = bitmap.width;
        canvas.current.height = bitmap.height;
        canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0);
        setState('shown');
      }
      bitmap.close();
    };
    load().catch(() => gone || setState('failed'));
    return () => void (gone = true);
  }, [pictures, id]);
  return (
    <span class="picture">
      <canvas
        ref={canvas}
        width={320}
        height={240}
        {...(label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label })}
        hidden={state !== 'shown'}
      />
      {state !== 'shown' && (
        <span class="muted small">{state === 'loading' ? common.loading : t.review.imageUnreadable}</span>
      )}
    </span>
  );
}
