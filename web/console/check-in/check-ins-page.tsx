import { useEffect, useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { KeysDialog } from '../keys-dialog.tsx';
import { t } from '../messages.ts';
import { ShortcutLine } from '../shortcut-line.tsx';
import { CHECK_IN_ACTIONS } from '../shortcuts.ts';
import { shownName } from '../shown-name.ts';
import { usePrefs } from '../use-prefs.ts';
import { type CheckInFilter, checkInQuery, LISTED } from './check-in-filter.ts';
import { CheckInFilters } from './check-in-filters.tsx';
import { CheckInList } from './check-in-list.tsx';
import { OneStudent } from './one-student.tsx';
import { useCheckIns } from './use-check-ins.ts';

interface CheckInsPageProps {
  readonly api: Api;
  readonly user: User;
  readonly filter: CheckInFilter;
  readonly exams: readonly Exam[] | undefined;
}

/** The waiting room of staff: who waits longest first, one student at a time. */
export function CheckInsPage({ api, user, filter, exams }: CheckInsPageProps) {
  const prefs = usePrefs();
  const list = useCheckIns(api, checkInQuery(filter));
  const items = list.items ?? [];
  const [chosen, setChosen] = useState<string>();
  const [status, setStatus] = useState<{ readonly text: string; readonly back: string; readonly name: string }>();
  const [keysOpen, setKeysOpen] = useState(false);
  // What is in front of a person stays there, whoever comes or goes in the list.
  useEffect(() => {
    if (chosen === undefined && items[0]) setChosen(items[0].id);
  }, [chosen, items[0]?.id]);
  useEffect(() => setChosen(undefined), [checkInQuery(filter)]);
  const move = (by: 1 | -1) => {
    const next = neighbour(
      items.map(({ id }) => id),
      chosen,
      by,
    );
    if (next !== undefined) setChosen(next);
  };
  const zoneOf = (exam: string) => exams?.find(({ id }) => id === exam)?.timeZone;
  return (
    <section class="stack">
      <div class="row between">
        <PageTitle>{t.checkIn.title}</PageTitle>
        <CheckInFilters api={api} filter={filter} exams={exams} />
      </div>
      <ShortcutLine prefs={prefs} actions={CHECK_IN_ACTIONS} onEdit={() => setKeysOpen(true)} />
      <div class={status ? 'row' : 'unseen'}>
        <p class="small" role="status">
          {status?.text}
        </p>
        {status && (
          <button
            class="small"
            onClick={() => {
              setChosen(status.back);
              setStatus(undefined);
            }}
          >
            {t.checkIn.backTo(status.name)}
          </button>
        )}
      </div>
      {list.problem !== undefined && <Problem>{list.items ? t.checkIn.stale(list.problem) : list.problem}</Problem>}
      {!list.items && list.problem === undefined && <p class="muted">{common.loading}</p>}
      <div class="check-ins">
        <section class="card stack check-in-queue" aria-label={t.checkIn.list}>
          {list.items?.length === 0 && (
            <p class="muted">{filter.state === 'waiting' ? t.checkIn.none.waiting : t.checkIn.none.other}</p>
          )}
          <CheckInList items={items} current={chosen} names={prefs.names} zoneOf={zoneOf} onChoose={setChosen} />
          {list.isCut && <p class="small muted">{t.checkIn.cut(LISTED)}</p>}
        </section>
        {chosen !== undefined && (
          <OneStudent
            key={chosen}
            api={api}
            user={user}
            id={chosen}
            listed={items.find(({ id }) => id === chosen)?.revision}
            zoneOf={zoneOf}
            onMove={move}
            onDecided={(checkIn, decision) => {
              const name = shownName({ id: checkIn.id, studentName: checkIn.student.name }, prefs.names);
              setStatus({ text: t.checkIn.done[decision](name), back: checkIn.id, name });
              setChosen(
                following(
                  items.map(({ id }) => id),
                  checkIn.id,
                ),
              );
              void list.reload();
            }}
            onChanged={() => void list.reload()}
          />
        )}
      </div>
      {keysOpen && <KeysDialog prefs={prefs} onClose={() => setKeysOpen(false)} />}
    </section>
  );
}

/** Pure: whom to look at after a decision: the next one, else whoever waits longest, else the same one. */
const following = (ids: readonly string[], decided: string): string =>
  neighbour(ids, decided, 1) ?? ids.find((id) => id !== decided) ?? decided;

/** Pure: the one after or before another in a list; after one that has left the list, the first. */
function neighbour(ids: readonly string[], from: string | undefined, by: 1 | -1): string | undefined {
  const at = from === undefined ? -1 : ids.indexOf(from);
  return at < 0 ? ids[0] : ids[at + by];
}
