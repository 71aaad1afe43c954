import type { CSV_SEPARATORS } from '../../protocol/csv.ts';
import { separatorText } from './messages/separators.ts';
import { SelectField } from './select-field.tsx';

export type Separator = keyof typeof CSV_SEPARATORS;
const SEPARATORS: readonly Separator[] = ['comma', 'semicolon', 'tab'];

interface SeparatorFieldProps {
  readonly value: Separator;
  readonly onChange: (value: Separator) => void;
}

/** Separator of a CSV file: spreadsheets open only the one of their language at a double click. */
export const SeparatorField = ({ value, onChange }: SeparatorFieldProps) => (
  <SelectField
    label={separatorText.label}
    value={value}
    options={SEPARATORS.map((each) => [each, separatorText.names[each]] as const)}
    onChange={onChange}
  />
);
