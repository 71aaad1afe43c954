import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { t } from './messages.ts';

interface OwnPictureProps {
  readonly api: Api;
  readonly path: string;
  readonly label: string;
}

/** A stored picture that the student may see, drawn on a canvas: no URL of it stays in a cache or history. */
export function OwnPicture({ api, path, label }: OwnPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    const load = async () => {
      const bitmap = await createImageBitmap(await api.blob(path));
      if (!gone && canvas.current) {
        canvas.current.width = bitmap.width;
        canvas.current.height = bitmap.height;
        canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0);
      }
      bitmap.close();
    };
    load().catch(() => gone || setFailed(true));
    return () => void (gone = true);
  }, [api, path]);
  return (
    <figure class="stack tight">
      {failed ? (
        <span class="muted small">{t.unreadable}</span>
      ) : (
        <canvas ref={canvas} width={320} height={240} role="img" aria-label={label} />
      )}
      <figcaption class="small muted">{label}</figcaption>
    </figure>
  );
}
