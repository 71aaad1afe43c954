import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { searchWords } from '../../../protocol/search-text.ts';
import { Field, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';
import type { DraftFault } from './profile-faults.ts';
import { idOf, settingsLike, type SettingGroup, type SettingsDraft } from './setting.ts';
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

/** Settings beyond which a form is searched. */
const MANY = 20;

/** Name and settings of a profile, each with its effect in words. */
export function ProfileForm(props: ProfileFormProps) {
  const { groups, name, draft, fault, error, busy, saveLabel, cancelTo, onName, onDraft, onSave, children } = props;
  const [sought, setSought] = useState('');
  const words = searchWords(sought);
  const many = groups.reduce((sum, { settings }) => sum + settings.length, 0) > MANY;
  const hits = words.length > 0 ? settingsLike(groups, words) : [];
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
      {many && (
        <Field
          label={t.profiles.find}
          type="search"
          autocomplete="off"
          value={sought}
          onInput={({ currentTarget }) => setSought(currentTarget.value)}
          // Enter searches, and does not save.
          onKeyDown={(event) => void (event.key === 'Enter' && event.preventDefault())}
        />
      )}
      {words.length > 0 ? (
        <Group
          group={{ title: t.profiles.found(number(hits.length)), hint: '', settings: hits }}
          draft={draft}
          onDraft={onDraft}
        />
      ) : (
        groups.map((group) => <Group key={group.title} group={group} draft={draft} onDraft={onDraft} />)
      )}
      <div class="row always">
        <Problem>{error ?? (fault && t.profiles.faults[fault])}</Problem>
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

interface GroupProps {
  readonly group: SettingGroup;
  readonly draft: SettingsDraft;
  readonly onDraft: (draft: SettingsDraft) => void;
}

function Group({ group, draft, onDraft }: GroupProps) {
  const settings = (
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
  );
  if (!group.folded)
    return (
      <fieldset class="stack">
        <legend>{group.title}</legend>
        <p class="small muted">{group.hint}</p>
        {settings}
      </fieldset>
    );
  return (
    <details
      class="folded"
      // One at a time: all together are longer than anybody scrolls.
      name="settings"
      // Browsers report a value out of range only on a field that is shown.
      onInvalidCapture={({ currentTarget }) => void (currentTarget.open = true)}
    >
      <summary>{t.profiles.folded(group.title, group.settings.length)}</summary>
      <fieldset class="stack" aria-label={group.title}>
        <p class="small muted">{group.hint}</p>
        {settings}
      </fieldset>
    </details>
  );
}
