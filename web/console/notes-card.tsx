import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionNote } from '../../protocol/http/team.ts';
import type { Api } from '../shared/api.ts';
import { messageOf } from '../shared/api-error.ts';
import { Problem } from '../shared/field.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndSeconds } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';

interface NotesCardProps {
  readonly api: Api;
  readonly session: string;
  /** Notes that the server tells of: read again when it changes. */
  readonly count: number;
}

interface NotePage {
  readonly items: readonly SessionNote[];
  readonly nextCursor: string | null;
}

/** Internal notes of staff about a session, newest first, and a field for another. */
export function NotesCard({ api, session, count }: NotesCardProps) {
  const zone = useZone();
  const [notes, setNotes] = useState<readonly SessionNote[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string>();
  const { busy, error, run } = useAction();
  const field = useRef<HTMLTextAreaElement>(null);
  const read = async (after?: string) => {
    const page = await api.get<NotePage>(
      `/api/sessions/${session}/notes?limit=20${after === undefined ? '' : `&cursor=${after}`}`,
    );
    setNotes((before) => (after === undefined ? page.items : [...before, ...page.items]));
    setCursor(page.nextCursor);
  };
  useEffect(() => {
    setProblem(undefined);
    read().catch((fault: unknown) => setProblem(messageOf(fault)));
  }, [api, session, count]);
  const words = t.session.notes;
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? '';
    if (text === '') return;
    void run(async () => {
      await api.post(`/api/sessions/${session}/notes`, { text });
      if (field.current) field.current.value = '';
      await read();
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
          <button disabled={busy}>{words.add}</button>
        </div>
      </form>
      <Problem>{error ?? problem}</Problem>
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
      {cursor && (
        <button class="small" disabled={busy} onClick={() => void run(() => read(cursor))}>
          {words.older}
        </button>
      )}
    </section>
  );
}
