import { t } from './messages.ts';
import { IMAGE_MODES, type Prefs, TILE_SIZES } from './prefs.ts';
import { changePrefs } from './use-prefs.ts';

/** Display preferences: names, images, sound, tab title. Stored in this browser. */
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
      <div class="row tight sizes" role="group" aria-label={t.wall.tileSize}>
        {TILE_SIZES.map((size) => (
          <button
            key={size}
            class="small"
            aria-pressed={prefs.tiles === size}
            aria-label={t.wall.tileSizes[size]}
            title={t.wall.tileSizes[size]}
            onClick={() => changePrefs({ tiles: size })}
          >
            {size}
          </button>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={prefs.names === 'hidden'}
          onChange={(event) => changePrefs({ names: event.currentTarget.checked ? 'hidden' : 'shown' })}
        />
        <span class="small">{t.wall.hideNames}</span>
      </label>
      <label class="row tight">
        <span class="small">{t.wall.images}</span>
        <select
          value={prefs.pictures}
          onChange={(event) => changePrefs({ pictures: event.currentTarget.value as Prefs['pictures'] })}
        >
          {IMAGE_MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t.wall.imageModes[mode]}
            </option>
          ))}
        </select>
      </label>
      {flag('sound', t.wall.sound)}
      {flag('badge', t.wall.badge)}
    </div>
  );
}
