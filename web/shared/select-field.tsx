import { Labelled } from './field.tsx';

interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
}

export function SelectField<T extends string>({ label, hint, value, options, onChange }: SelectFieldProps<T>) {
  return (
    <Labelled label={label} hint={hint}>
      {(names) => (
        <select {...names} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as T)}>
          {options.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
