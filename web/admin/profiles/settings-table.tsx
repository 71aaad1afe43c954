import { useId } from 'preact/hooks';
import { t } from '../messages.ts';
import { valueInWords } from './in-words.ts';
import { idOf, type SettingGroup, valueOf } from './setting.ts';
import { ListTable } from '../../shared/list-table.tsx';

interface SettingsTableProps {
  readonly groups: readonly SettingGroup[];
  readonly content: object;
}

/** Settings of a profile with their effect; those that differ from their default stand out. */
export function SettingsTable({ groups, content }: SettingsTableProps) {
  const id = useId();
  return (
    <>
      {groups.map((group, at) => (
        <section key={group.title} class="stack tight" aria-labelledby={`${id}-${at}`}>
          <h2 id={`${id}-${at}`}>{group.title}</h2>
          <p class="small muted">{group.hint}</p>
          <ListTable
            labelledBy={`${id}-${at}`}
            class="settings"
            columns={[t.profiles.setting, t.profiles.value, t.profiles.default]}
          >
            <tbody>
              {group.settings.map((setting) => {
                const value = valueOf(setting, content);
                const words = valueInWords(value, setting.none);
                return (
                  <tr key={idOf(setting)}>
                    <th scope="row">
                      {setting.title} <span class="small muted">{setting.description}</span>
                    </th>
                    <td>{value === setting.default ? words : <strong>{words}</strong>}</td>
                    <td class="muted">{valueInWords(setting.default, setting.none)}</td>
                  </tr>
                );
              })}
            </tbody>
          </ListTable>
        </section>
      ))}
    </>
  );
}
