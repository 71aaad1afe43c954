import { useRef, useState } from 'preact/hooks';
import type { Person } from '../../protocol/http/reviews.ts';
import type { z } from 'zod';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

type Officer = z.infer<typeof Person>;

interface GiveAppealProps {
  readonly api: Api;
  readonly session: string;
  readonly officer: Officer | null;
  readonly busy: boolean;
  readonly onGive: (officer: string | null) => void;
}

/** Gives an open appeal to a person who had no part in the decision, or takes it back. */
export function GiveAppeal({ api, session, officer, busy, onGive }: GiveAppealProps) {
  const { value, error } = useLoaded(
    () => api.get<{ items: Officer[] }>(`/api/sessions/${session}/appeal/officers`),
    [api, session],
  );
  const [chosen, setChosen] = useState('');
  const choice = useRef<HTMLSelectElement>(null);
  return (
    <form
      class="row tight end"
      onSubmit={(event) => {
        event.preventDefault();
        // The button is disabled once this person has the appeal, and would lose the focus.
        choice.current?.focus();
        onGive(chosen);
      }}
    >
      <label class="field">
        <span>{t.verdicts.give}</span>
        <select ref={choice} value={chosen} required onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">–</option>
          {value?.items.map((person) => (
            <option key={person.id} value={person.id}>
              {personName(person)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={busy || chosen === '' || chosen === officer?.id}>
        {t.verdicts.giveButton}
      </button>
      {officer && (
        <button type="button" disabled={busy} onClick={() => onGive(null)}>
          {t.verdicts.takeBack}
        </button>
      )}
      <Problem>{error}</Problem>
    </form>
  );
}
