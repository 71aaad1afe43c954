import { useState } from 'preact/hooks';
import { severityOf } from '../../protocol/event-types.ts';
import type { Event } from '../../protocol/events.ts';
import type { FlagCategory } from '../../protocol/flag-categories.ts';
import type { SessionView } from '../../protocol/down.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { SelectField } from '../shared/select-field.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { flaggable, offsetText, readOffset } from './flag-time.ts';
import { t } from './messages.ts';

/** Id of the button that opens it. */
export const FLAG_BUTTON = 'flag-session';

interface FlagDialogProps {
  readonly api: Api;
  readonly session: SessionView;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  /** Newest first. */
  readonly events: readonly Event[];
  /** Whether the image of now can be kept with it. */
  readonly mayKeep: boolean;
  readonly onClose: () => void;
}

/** Flags what a person saw: category, time, note, and the image of now. */
export function FlagDialog({ api, session, name, events, mayKeep, onClose }: FlagDialogProps) {
  const zone = useZone();
  const { value, error } = useLoaded(
    () => api.get<{ items: FlagCategory[] }>(`/api/exams/${session.examId}/flag-categories`),
    [api, session.examId],
  );
  const { busy, error: refused, run } = useAction();
  const isRunning = session.status !== 'ended';
  const [category, setCategory] = useState<string>();
  const [when, setWhen] = useState<string>(isRunning ? 'now' : 'time');
  // Offered as they were when the dialog opened: the list must not move under the pointer.
  const [offered] = useState(() => flaggable(events));
  const [fault, setFault] = useState<string>();
  const words = t.session.flag;
  const began = Date.parse(session.startedAt);
  const submit = (form: SubmitEvent) => {
    const { note = '', from = '', to = '', keep } = formValues(form);
    const time = timeOf(when, offered, began, { from, to });
    if (time === undefined) return setFault(words.timeWrong);
    setFault(undefined);
    void run(async () => {
      await api.post(`/api/sessions/${session.id}/flags`, {
        category: category ?? value?.items[0]?.code,
        ...(note.trim() && { note }),
        ...time,
        ...(keep !== undefined && { snapshot: true }),
      });
      onClose();
    });
  };
  return (
    <Dialog title={t.session.dialogTitle(words.title, name)} opener={FLAG_BUTTON} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Problem>{error}</Problem>
        {!value && !error && <p class="muted">{common.loading}</p>}
        {value && (
          <SelectField<string>
            label={words.category}
            value={category ?? value.items[0]?.code ?? ''}
            options={value.items.map(({ code, label, weight }) => [
              code,
              words.option(label, words.severities[severityOf(weight)]),
            ])}
            onChange={setCategory}
          />
        )}
        <SelectField<string>
          label={words.when}
          value={when}
          options={[
            ...(isRunning ? [['now', words.now] as const] : []),
            ['time', words.other] as const,
            ...offered.map(
              (event) => [event.id, words.at(zonedTimeOfDay(event.startedAt, zone), eventTitle(event))] as const,
            ),
          ]}
          onChange={setWhen}
        />
        {when === 'time' && (
          <div class="row">
            <Field
              label={words.from}
              hint={words.fromHint}
              name="from"
              required
              placeholder="5:30"
              defaultValue={isRunning ? offsetText(Date.now() - began) : ''}
            />
            <Field label={words.to} name="to" placeholder="6:10" />
          </div>
        )}
        <Field label={words.note} hint={words.noteHint} name="note" maxLength={1000} />
        {mayKeep && (
          <label class="check">
            <input type="checkbox" name="keep" defaultChecked={when === 'now'} />
            <span>{words.keep}</span>
          </label>
        )}
        <Problem>{fault ?? refused}</Problem>
        <div class="row">
          <button class="primary" disabled={busy || !value}>
            {words.confirm}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Undefined: it cannot be read. */
function timeOf(
  when: string,
  offered: readonly Event[],
  began: number,
  typed: { readonly from: string; readonly to: string },
): { readonly from?: string; readonly to?: string } | undefined {
  if (when === 'now') return {};
  const event = offered.find(({ id }) => id === when);
  if (event) return { from: event.startedAt, ...(event.endedAt !== null && { to: event.endedAt }) };
  const [from, to] = [readOffset(typed.from), typed.to.trim() === '' ? null : readOffset(typed.to)];
  if (from === undefined || to === undefined || (to !== null && to < from)) return undefined;
  const at = (offset: number) => new Date(began + offset).toISOString();
  return { from: at(from), ...(to !== null && { to: at(to) }) };
}
