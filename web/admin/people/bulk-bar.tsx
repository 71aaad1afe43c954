import { useState } from 'preact/hooks';
import type { LinkKind } from '../../../protocol/http/passwords.ts';
import type { Api } from '../../shared/api.ts';
import { plural } from '../../shared/messages/numbers.ts';
import { Invitations } from '../import/invitations.tsx';
import { t } from '../messages.ts';
import { type BulkAct, BulkDialog } from './bulk-dialog.tsx';
import type { Selection } from './use-selection.ts';

interface BulkBarProps {
  readonly api: Api;
  readonly selection: Selection;
  readonly self: string;
  readonly onChanged: () => void;
}

/** What can be done with the people selected in the list. */
export function BulkBar({ api, selection, self, onChanged }: BulkBarProps) {
  const [act, setAct] = useState<BulkAct>();
  const [links, setLinks] = useState<LinkKind>();
  const { people } = selection;
  const enabled = people.filter(({ disabledAt }) => disabledAt === null);
  const reached = {
    invitation: enabled.filter(({ passwordSet }) => !passwordSet).map(({ id }) => id),
    reset: enabled.filter(({ passwordSet }) => passwordSet).map(({ id }) => id),
  };
  const affected = {
    disable: enabled,
    enable: people.filter(({ disabledAt }) => disabledAt !== null),
    anonymise: people,
  };
  const linkButton = (kind: LinkKind, text: string) =>
    reached[kind].length > 0 && (
      <button aria-pressed={links === kind} onClick={() => setLinks(links === kind ? undefined : kind)}>
        {text}
      </button>
    );
  const title = (kind: LinkKind) => plural(reached[kind].length, kind === 'invitation' ? t.bulk.invite : t.bulk.reset);
  return (
    <>
      <div class="card row" role="group" aria-label={t.bulk.bar}>
        <strong role="status">{plural(people.length, t.bulk.selected)}</strong>
        {linkButton('invitation', title('invitation'))}
        {linkButton('reset', title('reset'))}
        {(['disable', 'enable', 'anonymise'] as const).map(
          (each) =>
            affected[each].length > 0 && (
              <button
                key={each}
                class={each === 'anonymise' ? 'danger' : ''}
                aria-haspopup="dialog"
                onClick={() => setAct(each)}
              >
                {t.bulk.acts[each].name}
              </button>
            ),
        )}
        <button onClick={selection.clear}>{t.bulk.clear}</button>
      </div>
      {links && reached[links].length > 0 && (
        <Invitations key={links} api={api} ids={reached[links]} title={title(links)} kind={links} />
      )}
      {act && (
        <BulkDialog
          api={api}
          act={act}
          people={affected[act]}
          self={self}
          onClose={(changed) => {
            setAct(undefined);
            if (changed) onChanged();
          }}
        />
      )}
    </>
  );
}
