import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExamStatus } from '../../../protocol/http/exams.ts';
import { Field, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { duration } from '../../shared/time-format.ts';
import { zoneNames } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';
import { type ExamDraft, faultOf, rebased, warningsOf } from './exam-draft.ts';
import { readZoned } from '../../shared/zoned/zoned-value.ts';
import { ZonedField } from '../../shared/zoned/zoned-field.tsx';

type NewStatus = Extract<ExamStatus, 'draft' | 'scheduled' | 'active'>;
const NEW_STATUSES: readonly NewStatus[] = ['draft', 'scheduled', 'active'];

interface ExamFormProps {
  /** When it changes, fields that nobody has edited follow. */
  readonly start: ExamDraft;
  /** Status of an exam that exists; a new one is given its first. */
  readonly status?: ExamStatus | undefined;
  readonly save: (draft: ExamDraft, status: NewStatus) => Promise<void>;
  readonly cancelTo: string;
  /** Further fields, after the title. */
  readonly children?: ComponentChildren;
}

/** Everything about an exam except its people and status. */
export function ExamForm({ start, status, save, cancelTo, children }: ExamFormProps) {
  const [draft, setDraft] = useState(start);
  const [first, setFirst] = useState<NewStatus>('draft');
  const [agreed, setAgreed] = useState(start.openTo === 'all' && status !== undefined);
  const { busy, error, run } = useAction();
  const base = useRef(start);
  const started = JSON.stringify(start);
  useEffect(() => {
    const before = base.current;
    base.current = start;
    setDraft((mine) => rebased(mine, before, start));
  }, [started]);
  const zones = useMemo(() => zoneNames(start.timeZone).map((name) => [name, name] as const), [start.timeZone]);
  const set = (change: Partial<ExamDraft>) => setDraft({ ...draft, ...change });
  const fault = faultOf(draft, status ?? first, Date.now());
  const warnings = warningsOf(draft, status ?? first, Date.now());
  const [from, to] = [readZoned(draft.startsAt, draft.timeZone), readZoned(draft.endsAt, draft.timeZone)];
  const length = 'at' in from && 'at' in to ? to.at - from.at : 0;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!fault) void run(() => save(draft, first));
  };
  return (
    <form class="card stack form" onSubmit={submit}>
      <p class="small muted">{t.form.elsewhere}</p>
      <Field
        label={t.form.title}
        required
        maxLength={300}
        value={draft.title}
        onInput={({ currentTarget }) => set({ title: currentTarget.value })}
      />
      {children}
      <fieldset class="stack">
        <legend>{t.form.times}</legend>
        <SelectField
          label={t.form.zone}
          hint={t.form.zoneHint}
          value={draft.timeZone}
          options={zones}
          onChange={(timeZone) => set({ timeZone })}
        />
        <div class="two">
          <ZonedField
            label={t.form.start}
            zone={draft.timeZone}
            value={draft.startsAt}
            onChange={(startsAt) => set({ startsAt })}
          />
          <ZonedField
            label={t.form.end}
            zone={draft.timeZone}
            value={draft.endsAt}
            onChange={(endsAt) => set({ endsAt })}
          />
        </div>
        {length > 0 && (
          <p class="small muted" role="status">
            {t.form.window(duration(length))}
          </p>
        )}
        <div class="two">
          <Field
            label={t.form.minutes}
            hint={t.form.minutesHint}
            type="number"
            min={1}
            max={1440}
            step={1}
            value={draft.minutes}
            onInput={({ currentTarget }) => set({ minutes: currentTarget.value })}
          />
          <Field
            label={t.form.lateStart}
            hint={t.form.lateStartHint}
            type="number"
            min={1}
            max={10_080}
            step={1}
            value={draft.lateStart}
            onInput={({ currentTarget }) => set({ lateStart: currentTarget.value })}
          />
        </div>
        {/* Every fault is one of the times. */}
        <Problem>{fault && t.form.faults[fault]}</Problem>
        {warnings.startPast && <p class="note warn">{t.form.warnings.startPast}</p>}
        {warnings.beyondEnd > 0 && (
          <p class="note warn">{t.form.warnings.limitBeyondEnd(duration(warnings.beyondEnd))}</p>
        )}
      </fieldset>
      <fieldset class="stack">
        <legend>{t.form.people}</legend>
        <Field
          label={t.form.attempts}
          hint={t.form.attemptsHint}
          type="number"
          min={1}
          max={1000}
          step={1}
          value={draft.attempts}
          onInput={({ currentTarget }) => set({ attempts: currentTarget.value })}
        />
        <SelectField
          label={t.form.openTo}
          hint={t.form.openToHints[draft.openTo]}
          value={draft.openTo}
          options={[
            ['enrolled', t.form.openToNames.enrolled],
            ['all', t.form.openToNames.all],
          ]}
          onChange={(openTo) => set({ openTo })}
        />
        {draft.openTo === 'all' && (
          <div class="note warn stack tight">
            <p>{t.form.openWarning}</p>
            <label class="check">
              <input
                type="checkbox"
                required
                checked={agreed}
                onChange={({ currentTarget }) => setAgreed(currentTarget.checked)}
              />
              {t.form.openAgreed}
            </label>
          </div>
        )}
        <SelectField
          label={t.form.staffAccess}
          hint={t.form.staffHints[draft.staffAccess]}
          value={draft.staffAccess}
          options={[
            ['assigned', t.form.staffNames.assigned],
            ['all', t.form.staffNames.all],
          ]}
          onChange={(staffAccess) => set({ staffAccess })}
        />
        <Field
          label={t.form.sample}
          hint={t.form.sampleHint}
          type="number"
          required
          min={0}
          max={100}
          step={1}
          value={draft.sample}
          onInput={({ currentTarget }) => set({ sample: currentTarget.value })}
        />
      </fieldset>
      {!status && (
        <SelectField
          label={t.form.first}
          hint={t.form.firstHints[first]}
          value={first}
          options={NEW_STATUSES.map((each) => [each, t.form.firstNames[each]] as const)}
          onChange={setFirst}
        />
      )}
      {status && <p class="small muted">{t.form.runningKeep}</p>}
      <Problem>{error}</Problem>
      {fault && <p class="small muted">{t.form.seeTimes}</p>}
      <div class="row">
        <button class="primary" disabled={busy}>
          {status ? t.form.save : t.form.create}
        </button>
        <a class="button" href={cancelTo}>
          {common.cancel}
        </a>
      </div>
    </form>
  );
}
