import type { Exam } from '../../../protocol/http/exams.ts';
import type { PolicyProfile } from '../../../protocol/http/profiles.ts';
import { number } from '../../shared/messages/numbers.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { t } from '../messages.ts';
import type { PolicyChoice } from './policy-choice.ts';

interface PolicyFieldProps {
  /** Those that can be chosen. */
  readonly profiles: readonly PolicyProfile[];
  /** Exam that is edited or cloned. */
  readonly exam: Exam | undefined;
  readonly value: PolicyChoice;
  readonly onChange: (choice: PolicyChoice) => void;
}

/** Choice of the policy profile of an exam; a newer version of the present one is a choice of its own. */
export function PolicyField({ profiles, exam, value, onChange }: PolicyFieldProps) {
  const present = exam?.policyProfile ?? undefined;
  const kept = () => {
    if (!exam) return t.policy.defaults;
    if (!present) return t.policy.own;
    const name = t.policy.named(present.name, number(present.version));
    return profiles.some(({ id }) => id === present.id) ? name : t.policy.archived(name);
  };
  const offered = profiles.filter(({ id, version }) => id !== present?.id || version !== present.version);
  return (
    <SelectField<PolicyChoice>
      label={t.policy.label}
      hint={offered.some(({ id }) => id === present?.id) ? t.policy.newer : t.policy.hint}
      value={value}
      options={[
        ['keep', kept()],
        ...offered.map(({ id, name, version }) => [id, t.policy.named(name, number(version))] as const),
      ]}
      onChange={onChange}
    />
  );
}
