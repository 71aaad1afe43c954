import { useId } from 'preact/hooks';
import { NOTE_BYTES } from '../../../protocol/note-bytes.ts';
import { Field, Labelled } from '../../shared/field.tsx';
import { number } from '../../shared/messages/numbers.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { t } from '../messages.ts';
import { valueInWords } from './in-words.ts';
import type { Setting } from './setting.ts';

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: string | boolean;
  readonly onChange: (value: string | boolean) => void;
}

/** Control of one setting, with its effect, its default and its range. */
export function SettingField({ setting, value, onChange }: SettingFieldProps) {
  const { title, type, minimum, maximum, values } = setting;
  const id = useId();
  const hint = hintOf(setting);
  if (type === 'boolean')
    return (
      <div class="stack tight">
        <label class="check">
          <input
            type="checkbox"
            aria-describedby={id}
            checked={value === true}
            onChange={({ currentTarget }) => onChange(currentTarget.checked)}
          />
          {title}
        </label>
        <small id={id} class="muted">
          {hint}
        </small>
      </div>
    );
  if (type === 'choice')
    return (
      <SelectField
        label={title}
        hint={hint}
        value={String(value)}
        options={values.map((each) => [each, valueInWords(each)] as const)}
        onChange={onChange}
      />
    );
  if (type === 'text')
    return (
      <Labelled label={title} hint={hint}>
        {(names) => (
          <textarea
            {...names}
            rows={3}
            maxLength={NOTE_BYTES}
            value={String(value)}
            onInput={({ currentTarget }) => onChange(currentTarget.value)}
          />
        )}
      </Labelled>
    );
  return (
    <Field
      label={title}
      hint={hint}
      type="number"
      step={type === 'integer' ? 1 : 'any'}
      {...(minimum !== null && { min: minimum })}
      {...(maximum !== null && { max: maximum })}
      value={String(value)}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function hintOf({ description, type, default: standard, none, minimum, maximum }: Setting): string {
  const range = minimum !== null && maximum !== null ? t.profiles.range(number(minimum), number(maximum)) : '';
  const normal = type === 'text' ? '' : t.profiles.defaultIs(valueInWords(standard, none));
  return [description, normal, range].filter(Boolean).join(' ');
}
