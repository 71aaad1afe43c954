import { useState } from 'preact/hooks';
import type { Enrolment } from '../../../protocol/http/enrolments.ts';
import type { AccommodationProfile } from '../../../protocol/http/profiles.ts';
import type { Api } from '../../shared/api.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, formValues, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number } from '../../shared/messages/numbers.ts';
import { useAction } from '../../shared/use-action.ts';
import { type Fact, isOvertaken, Meanwhile } from '../meanwhile.tsx';
import { t } from '../messages.ts';
import { AccommodationField } from './accommodation-field.tsx';

interface EnrolmentDialogProps {
  readonly api: Api;
  readonly enrolment: Enrolment;
  /** Accommodation profiles that can be chosen. */
  readonly profiles: readonly AccommodationProfile[];
  /** @param said what is done */
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

/** Room, seat and accommodations of a student, or the end of the enrolment. */
export function EnrolmentDialog({ api, enrolment: opened, profiles, onDone, onClose }: EnrolmentDialogProps) {
  const { busy, error, run } = useAction();
  const [enrolment, setEnrolment] = useState(opened);
  /** As it was edited before somebody else changed it. */
  const [before, setBefore] = useState<Enrolment>();
  const [profile, setProfile] = useState(profileOf(opened));
  const name = enrolment.studentName || enrolment.studentEmail;
  const path = `/api/exams/${enrolment.examId}/students/${enrolment.studentId}`;
  const submit = (event: SubmitEvent) => {
    const { room = '', seat = '', extra } = formValues(event);
    void run(async () => {
      const body = {
        baseRevision: enrolment.revision,
        room: room || null,
        seat: seat || null,
        extraMinutes: Number(extra),
        detection: enrolment.detection,
        accommodationProfileId: profile || null,
      };
      try {
        await api.put(path, body);
      } catch (fault) {
        if (!isOvertaken(fault)) throw fault;
        const now = await api.get<Enrolment>(path);
        // Inputs that nobody typed in follow by themselves.
        if (profile === profileOf(enrolment)) setProfile(profileOf(now));
        setBefore(enrolment);
        setEnrolment(now);
        return;
      }
      onDone(t.students.saved(name));
    });
  };
  return (
    <Dialog title={name} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={t.students.room} name="room" maxLength={60} defaultValue={enrolment.room ?? ''} />
        <Field label={t.students.seat} name="seat" maxLength={30} defaultValue={enrolment.seat ?? ''} />
        <AccommodationField
          profiles={profiles}
          present={enrolment.accommodationProfile}
          value={profile}
          onChange={setProfile}
        />
        <Field
          label={t.students.extra}
          hint={t.students.extraHint}
          name="extra"
          type="number"
          min={0}
          max={1440}
          step={1}
          required
          defaultValue={String(enrolment.extraMinutes)}
        />
        {before && <Meanwhile before={factsOf(before)} now={factsOf(enrolment)} />}
        <Problem>{error}</Problem>
        <div class="row">
          <button class="primary" disabled={busy}>
            {t.form.save}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
          <button
            type="button"
            class="danger"
            disabled={busy}
            onClick={() =>
              void run(async () => {
                await api.delete(path);
                onDone(t.students.removed(name));
              })
            }
          >
            {t.students.remove}
          </button>
        </div>
        <p class="small muted">{t.students.removeHint}</p>
      </form>
    </Dialog>
  );
}

const profileOf = ({ accommodationProfile }: Enrolment) => accommodationProfile?.id ?? '';

const factsOf = ({ room, seat, accommodationProfile, extraMinutes }: Enrolment): Fact[] => [
  [t.students.room, room ?? ''],
  [t.students.seat, seat ?? ''],
  [t.students.accommodations, accommodationProfile?.name ?? ''],
  [t.students.extra, number(extraMinutes)],
];
