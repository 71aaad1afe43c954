import type { AccommodationProfile, EnrolmentProfile } from '../../../protocol/http/profiles.ts';
import type { z } from 'zod';
import { SelectField } from '../../shared/select-field.tsx';
import { t } from '../messages.ts';
import { termsInWords } from '../profiles/in-words.ts';

interface AccommodationFieldProps {
  /** Those that can be chosen. */
  readonly profiles: readonly AccommodationProfile[];
  /** Profile that the student has, archived or not. */
  readonly present: z.infer<typeof EnrolmentProfile> | null;
  /** Id; empty: none. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Choice of an accommodation profile; its hint says what it grants. */
export function AccommodationField({ profiles, present, value, onChange }: AccommodationFieldProps) {
  const chosen = profiles.find(({ id }) => id === value);
  const isArchived = present !== null && !profiles.some(({ id }) => id === present.id);
  return (
    <SelectField
      label={t.students.accommodations}
      hint={chosen ? termsInWords(chosen.terms) : value ? t.students.archivedProfile : t.students.accommodationsHint}
      value={value}
      options={[
        ['', t.students.noProfile],
        ...profiles.map(({ id, name }) => [id, name] as const),
        ...(isArchived ? [[present.id, present.name] as const] : []),
      ]}
      onChange={onChange}
    />
  );
}
