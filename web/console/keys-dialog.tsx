import { useState } from 'preact/hooks';
import { Dialog } from '../shared/dialog.tsx';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import { DEFAULT_KEYS, keysProblem, SHORTCUT_ACTIONS, type ShortcutKeys } from './shortcuts.ts';
import { changePrefs } from './use-prefs.ts';

/** Turns single-key shortcuts off or changes them: speech input and screen readers can trigger them by accident. */
export function KeysDialog({ prefs, onClose }: { readonly prefs: Prefs; readonly onClose: () => void }) {
  const [keysOn, setKeysOn] = useState(prefs.keysOn);
  const [keys, setKeys] = useState<ShortcutKeys>(prefs.keys);
  const problem = keysProblem(keys);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (problem) return;
    changePrefs({ keysOn, keys });
    onClose();
  };
  return (
    <Dialog title={t.review.keysTitle} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <label class="check">
          <input type="checkbox" checked={keysOn} onChange={(event) => setKeysOn(event.currentTarget.checked)} />
          <span>{t.review.keysOn}</span>
        </label>
        <div class="keys">
          {SHORTCUT_ACTIONS.map((action) => (
            <label key={action} class="row between tight">
              <span>{t.review.actions[action]}</span>
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
            {t.review.saveKeys}
          </button>
          <button type="button" onClick={() => setKeys(DEFAULT_KEYS)}>
            {t.review.resetKeys}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
