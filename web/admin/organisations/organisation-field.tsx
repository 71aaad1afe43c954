import { SelectField } from '../../shared/select-field.tsx';
import { t } from '../messages.ts';
import type { Organisations } from './use-organisations.ts';

interface OrganisationFieldProps {
  readonly organisations: Organisations;
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** Offers all of them together, under the value ''. */
  readonly withAll?: boolean;
}

/** Choice of an organisation; absent while there is only one. */
export function OrganisationField({ organisations, value, onChange, withAll = false }: OrganisationFieldProps) {
  if (!organisations.several) return null;
  const named = organisations.all.map(({ id, label }) => [id, label] as const);
  return (
    <SelectField
      label={t.organisations.organisation}
      value={value}
      options={withAll ? [['', t.all], ...named] : named}
      onChange={onChange}
    />
  );
}
