import { useState } from 'preact/hooks';
import { severityOf } from '../../../protocol/event-types.ts';
import { type FlagCategory, MOST_FLAG_CATEGORIES } from '../../../protocol/flag-categories.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';

interface FlagCategoriesProps {
  readonly api: Api;
  readonly exam: Exam;
}

interface Categories {
  readonly items: readonly FlagCategory[];
  readonly isDefault: boolean;
}

/** Irregularities that staff can flag in an exam, with their weights. */
export function FlagCategories({ api, exam }: FlagCategoriesProps) {
  const path = `/api/exams/${exam.id}/flag-categories`;
  const { value, error, reload } = useLoaded(() => api.get<Categories>(path), [api, exam.id]);
  const [draft, setDraft] = useState<readonly FlagCategory[]>();
  const { busy, error: refused, run } = useAction();
  const words = t.flags;
  const save = (items: readonly FlagCategory[] | null) =>
    void run(async () => {
      await api.put(path, { items });
      await reload();
      setDraft(undefined);
    });
  return (
    <section class="card stack" aria-labelledby="flags">
      <h2 id="flags">{words.title}</h2>
      <p class="muted">{words.means}</p>
      <Problem>{error}</Problem>
      {!value && !error && <p class="muted">{common.loading}</p>}
      {value && !draft && (
        <>
          <ul class="plain flag-categories">
            {value.items.map(({ code, label, weight }) => (
              <li key={code}>
                {label} <span class="muted">{words.weighs(weight, words.severities[severityOf(weight)])}</span>
              </li>
            ))}
          </ul>
          <div class="row">
            <button onClick={() => setDraft(value.items)}>{words.edit}</button>
            {!value.isDefault && (
              <button disabled={busy} onClick={() => save(null)}>
                {words.defaults}
              </button>
            )}
          </div>
        </>
      )}
      {draft && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            save(draft);
          }}
        >
          <ul class="plain stack tight">
            {draft.map((category, i) => (
              <li key={i}>
                <CategoryFields
                  category={category}
                  onChange={(next) => setDraft(draft.map((one, n) => (n === i ? next : one)))}
                  onRemove={draft.length > 1 ? () => setDraft(draft.filter((_, n) => n !== i)) : undefined}
                />
              </li>
            ))}
          </ul>
          <div class="row">
            <button
              type="button"
              disabled={draft.length >= MOST_FLAG_CATEGORIES}
              onClick={() => setDraft([...draft, { code: '', label: '', weight: 2 }])}
            >
              {words.add}
            </button>
          </div>
          <Problem>{refused}</Problem>
          <div class="row">
            <button class="primary" disabled={busy}>
              {words.save}
            </button>
            <button type="button" onClick={() => setDraft(undefined)}>
              {common.cancel}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}

interface CategoryFieldsProps {
  readonly category: FlagCategory;
  readonly onChange: (category: FlagCategory) => void;
  readonly onRemove: (() => void) | undefined;
}

function CategoryFields({ category, onChange, onRemove }: CategoryFieldsProps) {
  const words = t.flags;
  return (
    <div class="flag-category">
      <label>
        <span class="small">{words.label}</span>
        <input
          required
          maxLength={80}
          value={category.label}
          onInput={(event) => onChange({ ...category, label: event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="small">{words.code}</span>
        <input
          required
          pattern="[A-Z][A-Z0-9_]{0,31}"
          title={words.codeHint}
          value={category.code}
          onInput={(event) => onChange({ ...category, code: event.currentTarget.value.toUpperCase() })}
        />
      </label>
      <label>
        <span class="small">{words.weight}</span>
        <input
          type="number"
          required
          min={0}
          max={20}
          step="any"
          value={category.weight}
          onInput={(event) => onChange({ ...category, weight: Number(event.currentTarget.value) })}
        />
      </label>
      <span class="muted small">{words.severities[severityOf(category.weight)]}</span>
      {onRemove && (
        <button type="button" class="small" aria-label={words.removeNamed(category.label)} onClick={onRemove}>
          {words.remove}
        </button>
      )}
    </div>
  );
}
