import { useEffect, useState } from 'preact/hooks';
import type { Evidence as Kept } from '../../protocol/http/evidence.ts';
import type { Api } from '../shared/api.ts';
import { ApiError, messageOf } from '../shared/api-error.ts';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { FrameStrip } from './frame-strip.tsx';
import { t } from './messages.ts';
import { PictureCache } from './picture-cache.ts';
import { StoredPicture } from './stored-picture.tsx';

interface EvidenceProps {
  readonly api: Api;
  readonly event: string;
  /** Changes when there may be more images. */
  readonly version: string;
  /** Shared with other parts of the page, so that each picture is asked for once. */
  readonly pictures?: PictureCache | undefined;
  readonly onLoaded?: (count: number) => void;
  /** Plays them one after the other; see `FrameStrip`. Undefined: they are only listed. */
  readonly played?: number;
}

/** Stored images of an event. The server logs each view, so they are loaded only when they are shown. */
export function Evidence({ api, event, version, pictures: shared, onLoaded, played }: EvidenceProps) {
  const [own] = useState(() => new PictureCache(api));
  const pictures = shared ?? own;
  const [kept, setKept] = useState<readonly Kept[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let gone = false;
    readKept(api, event)
      .then((list) => {
        if (gone) return;
        setKept(list);
        onLoaded?.(list.length);
      })
      .catch((error: unknown) => gone || setProblem(messageOf(error)));
    return () => void (gone = true);
  }, [api, event, version]);
  if (problem) return <p class="small muted">{t.review.imagesFailed(problem)}</p>;
  if (!kept) return <p class="small muted">{t.review.imagesLoading}</p>;
  if (kept.length === 0) return <p class="small muted">{t.review.noImages}</p>;
  return (
    <>
      <ul class="plain evidence">
        {kept.map((picture) => (
          <li key={picture.id}>
            <EvidencePicture pictures={pictures} picture={picture} />
          </li>
        ))}
      </ul>
      {played !== undefined && kept.length > 1 && <FrameStrip pictures={pictures} frames={kept} played={played} />}
    </>
  );
}

async function readKept(api: Api, event: string): Promise<readonly Kept[]> {
  try {
    return (await api.get<{ items: Kept[] }>(`/api/events/${event}/evidence`)).items;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

function EvidencePicture({ pictures, picture }: { readonly pictures: PictureCache; readonly picture: Kept }) {
  const zone = useZone();
  const { id, kind, at, digest } = picture;
  const caption = t.review.imageAt(t.review.evidence[kind], zonedTimeOfDay(at, zone));
  return (
    <figure class="evidence-picture">
      <StoredPicture pictures={pictures} id={id} label={t.review.image(caption)} />
      <figcaption class="small">
        {caption}
        <span class="muted digest" title={digest}>
          {digest.slice(0, 12)}
        </span>
      </figcaption>
    </figure>
  );
}
