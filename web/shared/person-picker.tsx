import { useState } from 'preact/hooks';
import type { Role, User } from '../../protocol/http/accounts.ts';
import type { Api } from './api.ts';
import { Problem } from './field.tsx';
import { SearchField } from './search-field.tsx';
import { useLoaded } from './use-loaded.ts';
import { peopleText as t } from './messages/people.ts';

interface PersonPickerProps {
  readonly api: Api;
  readonly label: string;
  readonly roles: readonly Role[];
  /** Whose people can be chosen; undefined: of all that the caller sees. */
  readonly organisation?: string | undefined;
  readonly action: string;
  readonly busy: boolean;
  readonly onPick: (person: User) => void;
}

const SHOWN = 8;

/** Searches people and offers one action for each that is found. */
export function PersonPicker({ api, label, roles, organisation, action, busy, onPick }: PersonPickerProps) {
  const [text, setText] = useState('');
  const { value, error } = useLoaded<readonly User[]>(async () => {
    if (text === '') return [];
    const pages = await Promise.all(
      roles.map((role) => {
        const query = new URLSearchParams({ q: text, role, disabled: 'false', limit: String(SHOWN) });
        if (organisation !== undefined) query.set('organisation', organisation);
        return api.get<{ items: User[] }>(`/api/users?${query.toString()}`);
      }),
    );
    return pages.flatMap(({ items }) => items).slice(0, SHOWN);
  }, [api, text]);
  return (
    <div class="stack tight">
      <SearchField label={label} hint={t.searchHint} value={text} onSearch={setText} />
      <Problem>{error}</Problem>
      <div role="status" class="small muted">
        {text !== '' && value?.length === 0 && t.noneFound(text)}
      </div>
      {value && value.length > 0 && (
        <ul class="plain stack tight" aria-label={t.found}>
          {value.map((person) => (
            <li key={person.id} class="row between found">
              <span>
                {person.name || person.email} <span class="small muted">{person.email}</span>
              </span>
              <button
                type="button"
                class="small"
                disabled={busy}
                aria-label={t.actOn(action, person.name || person.email)}
                onClick={() => onPick(person)}
              >
                {action}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
