import { useRef } from 'preact/hooks';
import type { SessionNote } from '../../protocol/http/team.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndSeconds } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { usePages } from '../shared/use-pages.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

interface NotesCardProps {
  readonly api: Api;
  readonly session: string;
  /** Notes that the server tells of: read again when it changes. */
  readonly count: number;
}

/** Internal notes of staff about a session, newest first, and a field for another. */
export function NotesCard({ api, session, count }: NotesCardProps) {
  const zone = useZone();
  const {
    items: notes = [],
    busy,
    problem,
    more,
    reload,
  } = usePages<SessionNote>(
    (cursor) => api.get(`/api/sessions/${session}/notes?limit=20${cursor === undefined ? '' : `&cursor=${cursor}`}`),
    [api, session, count],
  );
  const adding = useAction();
  const field = useRef<HTMLTextAreaElement>(null);
  const words = t.session.notes;
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? '';
    if (text === '') return;
    void adding.run(async () => {
      await api.post(`/api/sessions/${session}/notes`, { text });
      if (field.current) field.current.value = '';
      // The socket tells of it, too, while there is one.
      reload();
    });
  };
  return (
    <section class="card stack tight" aria-labelledby="notes">
      <h2 id="notes">{words.title}</h2>
      <form class="stack tight" onSubmit={add}>
        <label>
          <span class="small">{words.label}</span>
          <textarea id="new-note" ref={field} rows={2} maxLength={2000} />
        </label>
        <div class="row">
          <button disabled={adding.busy}>{words.add}</button>
        </div>
      </form>
      <Problem>{adding.error ?? problem}</Problem>
      {notes.length > 0 && (
        <ol class="plain stack tight notes">
          {notes.map(({ id, text, by, at }) => (
            <li key={id}>
              <p class="note-text">{text}</p>
              <p class="small muted">
                {personName(by)}, {dateAndSeconds(at, zone)}
              </p>
            </li>
          ))}
        </ol>
      )}
      {more && (
        <button class="small" disabled={busy} onClick={more}>
          {words.older}
        </button>
      )}
    </section>
  );
}
