import { useState } from 'preact/hooks';
import type { CheckInRecord } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { useZone } from '../../shared/shown-zone.ts';
import { dateAndSeconds } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { PictureCache } from '../picture-cache.ts';
import { CheckInPictures } from './check-in-pictures.tsx';
import { DecisionHistory } from './decision-history.tsx';

interface SessionCheckInProps {
  readonly api: Api;
  readonly checkIn: CheckInRecord | null | undefined;
  /** Shows the pictures without a further click. */
  readonly withPictures?: boolean;
}

/** Who admitted the student, when, and the pictures while they last. */
export function SessionCheckIn({ api, checkIn, withPictures = false }: SessionCheckInProps) {
  const zone = useZone();
  const [opened, setOpened] = useState(false);
  const [pictures] = useState(() => new PictureCache(api, `/api/check-ins/${checkIn?.id}/pictures`));
  if (!checkIn) return null;
  const { openedAt, decisions, erasedAt, pictures: kept } = checkIn;
  const isShown = kept.length > 0 && (withPictures || opened);
  return (
    <>
      <p class="small muted">{t.checkIn.recordBegun(dateAndSeconds(openedAt, zone))}</p>
      <DecisionHistory decisions={decisions} />
      {erasedAt !== null && <p class="small muted">{t.checkIn.recordErased(dateAndSeconds(erasedAt, zone))}</p>}
      {kept.length === 0 && erasedAt === null && <p class="small muted">{t.checkIn.recordNone}</p>}
      {isShown && <CheckInPictures shown={checkIn} pictures={pictures} played={0} />}
      {!isShown && kept.length > 0 && (
        <p class="row no-print">
          <button class="small" onClick={() => setOpened(true)}>
            {t.checkIn.recordShow}
          </button>
          <span class="small muted">{t.checkIn.recordShowNote}</span>
        </p>
      )}
    </>
  );
}
