import { useState } from 'preact/hooks';
import { Dialog } from '../shared/dialog.tsx';
import { Problem } from '../shared/field.tsx';
import type { Prefs } from './prefs.ts';
import { ACTION_NAMES, DEFAULT_KEYS, keysProblem, TRIAGE_ACTIONS, type TriageKeys } from './triage.ts';
import { changePrefs } from './use-prefs.ts';

/**
 * Single keys can be switched off or be others: whoever dictates, or uses a screen reader, would set them off by
 * chance.
 */
export function KeysDialog({ prefs, onClose }: { readonly prefs: Prefs; readonly onClose: () => void }) {
  const [keysOn, setKeysOn] = useState(prefs.keysOn);
  const [keys, setKeys] = useState<TriageKeys>(prefs.keys);
  const problem = keysProblem(keys);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (problem) return;
    changePrefs({ keysOn, keys });
    onClose();
  };
  return (
    <Dialog title="Keys of the review" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <label class="check">
          <input type="checkbox" checked={keysOn} onChange={(event) => setKeysOn(event.currentTarget.checked)} />
          <span>Single keys act</span>
        </label>
        <div class="keys">
          {TRIAGE_ACTIONS.map((action) => (
            <label key={action} class="row between tight">
              <span>{ACTION_NAMES[action]}</span>
              <input
                class="key"
                maxLength={1}
                value={keys[action]}
                disabled={!keysOn}
                onInput={(event) => setKeys({ ...keys, [action]: event.currentTarget.value.toLowerCase() })}
              />
            </label>
          ))}
        </div>
        <Problem>{problem}</Problem>
        <div class="row">
          <button class="primary" disabled={problem !== undefined}>
            Keep
          </button>
          <button type="button" onClick={() => setKeys(DEFAULT_KEYS)}>
            As they were made
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
