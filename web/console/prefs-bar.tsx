import type { Prefs } from './prefs.ts';
import { changePrefs } from './use-prefs.ts';

/** Names, pictures, sound: how this screen is to be, kept on this machine. */
export function PrefsBar({ prefs }: { readonly prefs: Prefs }) {
  const flag = (name: 'sound' | 'badge', label: string) => (
    <label class="check">
      <input
        type="checkbox"
        checked={prefs[name]}
        onChange={(event) => changePrefs({ [name]: event.currentTarget.checked })}
      />
      <span class="small">{label}</span>
    </label>
  );
  return (
    <div class="row prefs">
      <label class="check">
        <input
          type="checkbox"
          checked={prefs.names === 'hidden'}
          onChange={(event) => changePrefs({ names: event.currentTarget.checked ? 'hidden' : 'shown' })}
        />
        <span class="small">Hide names</span>
      </label>
      <label class="row tight">
        <span class="small">Pictures</span>
        <select
          value={prefs.pictures}
          onChange={(event) => changePrefs({ pictures: event.currentTarget.value as Prefs['pictures'] })}
        >
          <option value="shown">Shown</option>
          <option value="blurred">Blurred</option>
          <option value="grey">Grey</option>
          <option value="off">Off</option>
        </select>
      </label>
      {flag('sound', 'Sound on a new High')}
      {flag('badge', 'Count in the title')}
    </div>
  );
}
