import { useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import { MAX_GIVEN } from '../../protocol/review-bounds.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { PersonPicker } from '../shared/person-picker.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import type { Selected } from './use-selected.ts';

interface GiveBarProps {
  readonly api: Api;
  readonly user: User;
  readonly sessions: readonly ListedSession[];
  readonly selected: Selected;
  readonly onGiven: () => void;
}

/** Gives selected sessions to a reviewer, or takes them back. */
export function GiveBar({ api, user, sessions, selected, onGiven }: GiveBarProps) {
  const [asks, setAsks] = useState(false);
  const [done, setDone] = useState('');
  const { busy, error, run } = useAction();
  const ids = sessions.map(({ id }) => id).filter((id) => selected.ids.has(id));
  const give = (reviewer: Pick<User, 'id' | 'name' | 'email'> | null) =>
    void run(async () => {
      setDone('');
      for (let from = 0; from < ids.length; from += MAX_GIVEN)
        await api.put('/api/review-assignments', {
          sessions: ids.slice(from, from + MAX_GIVEN),
          reviewer: reviewer && reviewer.id,
        });
      setDone(
        reviewer ? t.sessions.given(ids.length, reviewer.name || reviewer.email) : t.sessions.takenBack(ids.length),
      );
      setAsks(false);
      selected.clear();
      onGiven();
    });
  return (
    <>
      <div class="row tight">
        {sessions.length > 0 && (
          <button class="small" onClick={() => selected.add(sessions.map(({ id }) => id))}>
            {t.sessions.selectShown(sessions.length)}
          </button>
        )}
        <span class="small" role="status">
          {done}
        </span>
      </div>
      {!asks && <Problem>{error}</Problem>}
      {ids.length > 0 && (
        <div class="card row tight bulk-chosen" role="group" aria-label={t.sessions.chosen}>
          <strong class="small" role="status">
            {t.sessions.selected(ids.length)}
          </strong>
          <button class="small" aria-haspopup="dialog" disabled={busy} onClick={() => setAsks(true)}>
            {t.sessions.give}
          </button>
          <button class="small" disabled={busy} onClick={() => give(null)}>
            {t.sessions.takeBack}
          </button>
          <button class="small" onClick={selected.clear}>
            {t.sessions.clear}
          </button>
        </div>
      )}
      {asks && (
        <Dialog title={t.sessions.giveTitle(ids.length)} onClose={() => setAsks(false)}>
          <div class="stack">
            <p class="small muted">{t.sessions.giveHint}</p>
            <PersonPicker
              api={api}
              label={t.sessions.findReviewer}
              roles={['reviewer', 'proctor', 'manager', 'admin']}
              action={t.sessions.giveTo}
              busy={busy}
              onPick={give}
            />
            <Problem>{error}</Problem>
            <div class="row">
              <button disabled={busy} onClick={() => give(user)}>
                {t.sessions.giveToMe}
              </button>
              <button onClick={() => setAsks(false)}>{common.cancel}</button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
