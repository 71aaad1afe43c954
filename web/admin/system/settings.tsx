import { useState } from 'preact/hooks';
import type { Setting } from '../../../protocol/http/system.ts';
import { t } from '../messages.ts';

/** Settings in force; of secrets, whether they are set. */
export function Settings({ settings }: { readonly settings: readonly Setting[] }) {
  const [all, setAll] = useState(false);
  const shown = settings.filter(({ source }) => all || source !== 'default');
  return (
    <section class="card stack" aria-labelledby="settings">
      <h2 id="settings">{t.system.settings}</h2>
      <p class="small muted">{t.system.settingsAbout}</p>
      <label class="check">
        <input type="checkbox" checked={all} onChange={({ currentTarget }) => setAll(currentTarget.checked)} />
        <span>{t.system.showDefaults}</span>
      </label>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.system.settings}>
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{t.system.setting}</th>
              <th scope="col">{t.system.value}</th>
              <th scope="col">{t.system.source}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((setting) => (
              <tr key={setting.name}>
                <th scope="row" class="code">
                  {setting.name}
                </th>
                <td>{valueOf(setting)}</td>
                <td>{t.system.sources[setting.source]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function valueOf({ value, source, isSecret }: Setting): string {
  if (!isSecret) return value || t.system.notSet;
  return { set: t.system.secretSet, default: t.system.secretUnset, generated: t.system.secretGenerated }[source];
}
