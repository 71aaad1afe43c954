import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import { FACE_CHECK_OUTCOMES } from '../../protocol/request-kinds.ts';
import type { FaceCheckBegun } from '../../protocol/http/requests.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { formValues, Labelled, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { eventText } from '../shared/messages/events.ts';
import { useAction } from '../shared/use-action.ts';
import { Evidence } from './evidence.tsx';
import { t } from './messages.ts';

interface FaceCheckDialogProps {
  readonly api: Api;
  readonly session: string;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Interval of looks for the present picture, ms. */
const LOOK_MS = 1500;

/** A person compares the picture of the start with the present one. Nothing else compares faces. */
export function FaceCheckDialog({ api, session, name, onClose }: FaceCheckDialogProps) {
  const [check, setCheck] = useState<z.infer<typeof FaceCheckBegun>>();
  const [looks, setLooks] = useState(0);
  const [arrived, setArrived] = useState(false);
  const beginning = useAction();
  const deciding = useAction();
  useEffect(
    () => void beginning.run(async () => setCheck(await api.post(`/api/sessions/${session}/face-checks`, {}))),
    [api, session],
  );
  useEffect(() => {
    if (!check || arrived) return;
    const timer = setInterval(() => setLooks((count) => count + 1), LOOK_MS);
    return () => clearInterval(timer);
  }, [check, arrived]);
  const decide = (event: SubmitEvent) => {
    const { outcome, note } = formValues(event);
    void deciding.run(async () => {
      const path = `/api/sessions/${session}/face-checks/${check?.event.id}/outcome`;
      await api.post(path, { outcome, ...(note && { note }) });
      onClose();
    });
  };
  const { requests } = t.session;
  return (
    <Dialog title={t.session.dialogTitle(requests.check, name)} onClose={onClose}>
      <p>{requests.checkHow}</p>
      <Problem>{beginning.error}</Problem>
      {check && (
        <>
          <div class="face-check">
            <section aria-label={t.review.evidence.start}>
              <Evidence api={api} event={check.startEvent} version="" />
            </section>
            <section aria-label={t.review.evidence.present} aria-live="polite">
              {!arrived && <p class="small muted">{requests.checkWaiting}</p>}
              <div hidden={!arrived}>
                <Evidence
                  api={api}
                  event={check.event.id}
                  version={String(looks)}
                  onLoaded={(count) => count > 0 && setArrived(true)}
                />
              </div>
            </section>
          </div>
          <form class="stack" onSubmit={decide}>
            <fieldset class="stack tight">
              <legend>{requests.checkQuestion}</legend>
              {FACE_CHECK_OUTCOMES.map((outcome) => (
                <label key={outcome} class="check">
                  <input type="radio" name="outcome" value={outcome} required />
                  <span>{eventText.faceChecks[outcome]}</span>
                </label>
              ))}
            </fieldset>
            <Labelled label={requests.checkNote} hint={requests.checkNoteHint}>
              {(names) => <textarea {...names} name="note" rows={2} maxLength={300} />}
            </Labelled>
            <Problem>{deciding.error}</Problem>
            <div class="row">
              <button class="primary" disabled={deciding.busy || !arrived}>
                {requests.checkSave}
              </button>
              <button type="button" onClick={onClose}>
                {common.cancel}
              </button>
            </div>
          </form>
        </>
      )}
    </Dialog>
  );
}
