import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../messages.ts';
import { valueInWords } from './in-words.ts';
import { idOf, type SettingGroup, valueOf } from './setting.ts';
import { ListTable } from '../../shared/list-table.tsx';

interface SettingsTableProps {
  readonly groups: readonly SettingGroup[];
  readonly content: object;
}

/**
 * Settings of a profile with their effect; those that differ from their default stand out. A group that the form folds
 * is folded here as well, unless one of its settings differs.
 */
export function SettingsTable({ groups, content }: SettingsTableProps) {
  const id = useId();
  const isUsual = ({ settings }: SettingGroup) =>
    settings.every((setting) => valueOf(setting, content) === setting.default);
  return (
    <>
      {groups.map((group, at) => (
        <Part key={group.title} group={group} id={`${id}-${at}`} folded={group.folded === true && isUsual(group)}>
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
        </Part>
      ))}
    </>
  );
}

interface PartProps {
  readonly group: SettingGroup;
  readonly id: string;
  readonly folded: boolean;
  readonly children: ComponentChildren;
}

function Part({ group, id, folded, children }: PartProps) {
  if (!folded)
    return (
      <section class="stack tight" aria-labelledby={id}>
        <h2 id={id}>{group.title}</h2>
        {children}
      </section>
    );
  return (
    <details class="folded">
      <summary id={id}>{t.profiles.foldedUsual(group.title, group.settings.length)}</summary>
      <div class="stack tight">{children}</div>
    </details>
  );
}
