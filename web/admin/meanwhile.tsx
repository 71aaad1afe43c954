import { ApiError } from '../shared/api-error.ts';
import { t } from './messages.ts';

/** A field and its value, in words. */
export type Fact = readonly [label: string, value: string];

interface MeanwhileProps {
  /** As they were edited, and as they are stored now. */
  readonly before: readonly Fact[];
  readonly now: readonly Fact[];
}

/** Whether a form was refused because somebody else has saved the same thing since it was read. */
export const isOvertaken = (fault: unknown): boolean => fault instanceof ApiError && fault.code === 'changed_meanwhile';

/** What somebody else saved while a form was open. */
export function Meanwhile({ before, now }: MeanwhileProps) {
  const changed = now.filter(([label, value]) => !before.some((fact) => fact[0] === label && fact[1] === value));
  return (
    <div class="note warn stack tight" role="alert">
      <p>{t.meanwhile.title}</p>
      {changed.length > 0 && (
        <ul aria-label={t.meanwhile.now}>
          {changed.map(([label, value]) => (
            <li key={label}>{t.meanwhile.fact(label, value || t.meanwhile.none)}</li>
          ))}
        </ul>
      )}
      <p class="small">{t.meanwhile.hint}</p>
    </div>
  );
}
