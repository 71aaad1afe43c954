import type { MyCheckIn } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { zonedTimeOfDay } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { OwnPicture } from '../own-picture.tsx';

interface OwnPicturesProps {
  readonly api: Api;
  readonly examId: string;
  readonly pictures: NonNullable<MyCheckIn['checkIn']>['pictures'];
}

/** What the student has sent: photo and document as pictures, the room as a number of them. */
export function OwnPictures({ api, examId, pictures }: OwnPicturesProps) {
  const single = pictures.filter(({ kind }) => kind !== 'room');
  const room = pictures.length - single.length;
  if (pictures.length === 0) return null;
  return (
    <>
      <div class="row deciding">
        {single.map(({ id, kind, at }) => (
          <OwnPicture
            key={id}
            api={api}
            path={`/api/exams/${examId}/check-in/pictures/${id}`}
            label={t.checkIn.picture(t.checkIn.things[kind], zonedTimeOfDay(at))}
          />
        ))}
      </div>
      {room > 0 && <p class="small muted">{t.checkIn.room.images(room)}</p>}
    </>
  );
}
