import { useState } from 'preact/hooks';
import type { CheckIn, CheckInPicture } from '../../../protocol/http/check-in.ts';
import { useZone } from '../../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../../shared/time-format.ts';
import { FrameStrip } from '../frame-strip.tsx';
import { t } from '../messages.ts';
import type { PictureCache } from '../picture-cache.ts';
import { StoredPicture } from '../stored-picture.tsx';

interface CheckInPicturesProps {
  readonly shown: Pick<CheckIn, 'wants' | 'pictures'>;
  readonly pictures: PictureCache;
  /** Changes when the key for playing is pressed; 0: not yet. */
  readonly played: number;
}

/** Photo and document side by side, large enough to compare, and the room one after the other. */
export function CheckInPictures({ shown: { wants, pictures: kept }, pictures, played }: CheckInPicturesProps) {
  const [large, setLarge] = useState(false);
  const newest = (kind: CheckInPicture['kind']) => kept.findLast((picture) => picture.kind === kind);
  const [photo, document] = [newest('photo'), newest('document')];
  const room = kept.filter(({ kind }) => kind === 'room').map(({ id, at }) => ({ id, at, kind: 'room' as const }));
  return (
    <div class="stack">
      {(wants.photo || wants.document) && (
        <div class={large ? 'compare large' : 'compare'}>
          {wants.photo && <Shown of={photo} name={t.checkIn.photo} none={t.checkIn.noPhoto} pictures={pictures} />}
          {wants.document && (
            <Shown of={document} name={t.checkIn.document} none={t.checkIn.noDocument} pictures={pictures} />
          )}
        </div>
      )}
      {(photo ?? document) && (
        <div>
          <button class="small" aria-pressed={large} onClick={() => setLarge(!large)}>
            {large ? t.checkIn.smaller : t.checkIn.larger}
          </button>
        </div>
      )}
      {wants.room && (
        <section class="stack tight" aria-labelledby="room-title">
          <h3 id="room-title">{t.checkIn.room}</h3>
          {room.length === 0 ? (
            <p class="muted">{t.checkIn.noRoom}</p>
          ) : (
            <FrameStrip pictures={pictures} frames={room} played={played} />
          )}
        </section>
      )}
    </div>
  );
}

interface ShownProps {
  readonly of: CheckInPicture | undefined;
  readonly name: string;
  /** Text where there is none. */
  readonly none: string;
  readonly pictures: PictureCache;
}

function Shown({ of: picture, name, none, pictures }: ShownProps) {
  const zone = useZone();
  return (
    <figure class="evidence-picture stack tight">
      {picture ? (
        <StoredPicture
          key={picture.id}
          pictures={pictures}
          id={picture.id}
          label={t.checkIn.imageOf(name, zonedTimeOfDay(picture.at, zone))}
        />
      ) : (
        <p class="note warn">{none}</p>
      )}
      <figcaption class="small">
        {picture ? t.checkIn.imageOf(name, zonedTimeOfDay(picture.at, zone)) : name}
      </figcaption>
    </figure>
  );
}
