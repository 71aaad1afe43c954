import { useCallback } from 'preact/hooks';
import { common } from '../shared/messages/common.ts';
import { useDrawnPicture } from '../shared/use-drawn-picture.ts';
import { t } from './messages.ts';
import type { PictureCache } from './picture-cache.ts';

interface StoredPictureProps {
  readonly pictures: PictureCache;
  readonly id: string;
  /** Undefined: decoration, as in a row that says in words what it shows. */
  readonly label?: string | undefined;
}

/** A stored picture. */
export function StoredPicture({ pictures, id, label }: StoredPictureProps) {
  const { canvas, state } = useDrawnPicture(useCallback(() => pictures.load(id), [pictures, id]));
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
