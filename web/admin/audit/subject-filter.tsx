import { useState } from 'preact/hooks';
import { Problem } from '../../shared/field.tsx';
import { SearchField } from '../../shared/search-field.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';

export interface Subject {
  readonly id: string;
  readonly name: string;
  readonly more?: string | undefined;
}

interface SubjectFilterProps {
  readonly label: string;
  readonly hint: string;
  readonly find: (text: string) => Promise<readonly Subject[]>;
  readonly onChoose: (id: string) => void;
}

/** Finds a person or an exam to filter by. */
export function SubjectFilter({ label, hint, find, onChoose }: SubjectFilterProps) {
  const [text, setText] = useState('');
  const { value, error } = useLoaded(() => (text === '' ? Promise.resolve([]) : find(text)), [text]);
  return (
    <div class="stack tight">
      <SearchField label={label} hint={hint} value={text} onSearch={setText} />
      <Problem>{error}</Problem>
      <div role="status" class="small muted">
        {text !== '' && value?.length === 0 && t.audit.noneFound(text)}
      </div>
      {value && value.length > 0 && (
        <ul class="plain stack tight" aria-label={t.audit.found}>
          {value.map(({ id, name, more }) => (
            <li key={id}>
              <button type="button" class="small" aria-label={t.audit.choose(name)} onClick={() => onChoose(id)}>
                {name}
              </button>{' '}
              {more && <span class="small muted">{more}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
