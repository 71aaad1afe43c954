import { useCallback } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { useDrawnPicture } from '../shared/use-drawn-picture.ts';
import { t } from './messages.ts';

interface OwnPictureProps {
  readonly api: Api;
  readonly path: string;
  readonly label: string;
}

/** A stored picture that the student may see. */
export function OwnPicture({ api, path, label }: OwnPictureProps) {
  const { canvas, state } = useDrawnPicture(useCallback(() => api.blob(path), [api, path]));
  return (
    <figure class="stack tight">
      {state === 'failed' ? (
        <span class="muted small">{t.unreadable}</span>
      ) : (
        <canvas ref={canvas} width={320} height={240} role="img" aria-label={label} />
      )}
      <figcaption class="small muted">{label}</figcaption>
    </figure>
  );
}
