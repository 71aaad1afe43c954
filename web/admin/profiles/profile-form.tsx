import type { ComponentChildren } from 'preact';
import { Field, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { t } from '../messages.ts';
import type { DraftFault } from './profile-faults.ts';
import { idOf, type SettingGroup, type SettingsDraft } from './setting.ts';
import { SettingField } from './setting-field.tsx';

interface ProfileFormProps {
  readonly groups: readonly SettingGroup[];
  readonly name: string;
  readonly draft: SettingsDraft;
  readonly fault: DraftFault | undefined;
  readonly error: string | undefined;
  readonly busy: boolean;
  readonly saveLabel: string;
  readonly cancelTo: string;
  readonly onName: (name: string) => void;
  readonly onDraft: (draft: SettingsDraft) => void;
  readonly onSave: () => void;
  /** Further fields, after the name. */
  readonly children?: ComponentChildren;
}

/** Name and settings of a profile, each with its effect in words. */
export function ProfileForm(props: ProfileFormProps) {
  const { groups, name, draft, fault, error, busy, saveLabel, cancelTo, onName, onDraft, onSave, children } = props;
  return (
    <form
      class="card stack form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!fault) onSave();
      }}
    >
      <Field
        label={t.profiles.name}
        required
        maxLength={120}
        autocomplete="off"
        value={name}
        onInput={({ currentTarget }) => onName(currentTarget.value)}
      />
      {children}
      {groups.map((group) => (
        <fieldset key={group.title} class="stack">
          <legend>{group.title}</legend>
          <p class="small muted">{group.hint}</p>
          <div class="two">
            {group.settings.map((setting) => (
              <SettingField
                key={idOf(setting)}
                setting={setting}
                value={draft[idOf(setting)] ?? ''}
                onChange={(value) => onDraft({ ...draft, [idOf(setting)]: value })}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <Problem>{error ?? (fault && t.profiles.faults[fault])}</Problem>
      <div class="row">
        <button class="primary" disabled={busy}>
          {saveLabel}
        </button>
        <a class="button" href={cancelTo}>
          {common.cancel}
        </a>
      </div>
    </form>
  );
}
