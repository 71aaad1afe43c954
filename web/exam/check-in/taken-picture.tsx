import { useEffect, useRef } from 'preact/hooks';

interface TakenPictureProps {
  readonly picture: Blob;
  readonly label: string;
  /** Takes the focus, so that keyboard and screen reader users go on from here. */
  readonly focused?: boolean;
}

/** A picture of this page, drawn on a canvas: no URL of it stays in a cache or history. */
export function TakenPicture({ picture, label, focused = false }: TakenPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    void createImageBitmap(picture)
      .then((bitmap) => {
        if (!gone && canvas.current) {
          Object.assign(canvas.current, { width: bitmap.width, height: bitmap.height });
          canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0);
        }
        bitmap.close();
      })
      .catch(() => {});
    return () => void (gone = true);
  }, [picture]);
  useEffect(() => {
    if (focused) canvas.current?.focus({ preventScroll: true });
  }, [focused]);
  return <canvas ref={canvas} class="taken" tabIndex={-1} width={640} height={480} role="img" aria-label={label} />;
}
