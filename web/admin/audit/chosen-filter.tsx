import { t } from '../messages.ts';

interface ChosenFilterProps {
  readonly label: string;
  readonly name: string;
  readonly onRemove: () => void;
}

/** A filter that is set, with a button that removes it. */
export function ChosenFilter({ label, name, onRemove }: ChosenFilterProps) {
  return (
    <div class="stack tight">
      <span class="field-name">{label}</span>
      <button class="small chosen" aria-label={t.audit.remove(t.audit.chosen(label, name))} onClick={onRemove}>
        {name} <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}
