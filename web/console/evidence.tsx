import { useEffect, useRef, useState } from 'preact/hooks';
import type { Evidence as Kept } from '../../protocol/http/evidence.ts';
import type { Api } from '../shared/api.ts';
import { ApiError, messageOf } from '../shared/api-error.ts';
import { common } from '../shared/messages/common.ts';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';

interface EvidenceProps {
  readonly api: Api;
  readonly event: string;
  /** Changes when there may be more images. */
  readonly version: string;
  readonly onLoaded?: (count: number) => void;
}

/** Stored images of an event. The server logs each view, so they are loaded only when they are shown. */
export function Evidence({ api, event, version, onLoaded }: EvidenceProps) {
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
    <ul class="plain evidence">
      {kept.map((picture) => (
        <li key={picture.id}>
          <EvidencePicture api={api} picture={picture} />
        </li>
      ))}
    </ul>
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

/** Drawn on a canvas, so that no image URL stays in a cache or history. */
function EvidencePicture({ api, picture: { id, kind, at, digest } }: { readonly api: Api; readonly picture: Kept }) {
  const zone = useZone();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  useEffect(() => {
    let gone = false;
    const load = async () => {
      const bitmap = await createImageBitmap(await api.blob(`/api/evidence/${id}`));
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
  }, [api, id]);
  const caption = t.review.imageAt(t.review.evidence[kind], zonedTimeOfDay(at, zone));
  return (
    <figure class="evidence-picture">
      <span class="picture">
        <canvas
          ref={canvas}
          width={320}
          height={240}
          role="img"
          aria-label={t.review.image(caption)}
          hidden={state !== 'shown'}
        />
        {state !== 'shown' && (
          <span class="muted small">{state === 'loading' ? common.loading : t.review.imageUnreadable}</span>
        )}
      </span>
      <figcaption class="small">
        {caption}
        <span class="muted digest" title={digest}>
          {digest.slice(0, 12)}
        </span>
      </figcaption>
    </figure>
  );
}
