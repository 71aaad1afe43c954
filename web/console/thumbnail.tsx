import { useRef, useState } from 'preact/hooks';
import { useEffect } from 'preact/hooks';
import { useInView } from './in-view.ts';
import type { PictureCache } from './picture-cache.ts';
import { StoredPicture } from './stored-picture.tsx';

/** Small picture in a row of a list, loaded when the row comes into view. */
export function Thumbnail({ pictures, id }: { readonly pictures: PictureCache; readonly id: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const seen = useInView(place);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (seen) setWanted(true);
  }, [seen]);
  return (
    <span class="thumbnail" ref={place}>
      {wanted && <StoredPicture key={id} pictures={pictures} id={id} />}
    </span>
  );
}
