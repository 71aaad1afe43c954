import { useState } from 'preact/hooks';
import type { MessageTemplates as Templates } from '../../../protocol/http/conversation.ts';
import type { Api } from '../../shared/api.ts';
import { Labelled, Problem } from '../../shared/field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';

interface MessageTemplatesProps {
  readonly api: Api;
  readonly exam: string;
}

/** Templates of messages to the students of an exam, one a line. */
export function MessageTemplates({ api, exam }: MessageTemplatesProps) {
  const path = `/api/exams/${exam}/message-templates`;
  const { value, error, reload } = useLoaded(() => api.get<Templates>(path), [api, path]);
  const [text, setText] = useState<string>();
  const [saved, setSaved] = useState(false);
  const action = useAction();
  const save = (items: readonly string[] | null) =>
    action.run(async () => {
      await api.put(path, { items });
      await reload();
      setText(undefined);
      setSaved(true);
    });
  const lines = (text ?? value?.items?.join('\n') ?? '').split('\n').map((line) => line.trim());
  return (
    <section class="card stack" aria-labelledby="templates">
      <h2 id="templates">{t.exam.templates}</h2>
      <Problem>{error ?? action.error}</Problem>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save(lines.filter((line) => line !== ''));
        }}
      >
        <Labelled label={t.exam.templatesEach} hint={value?.items ? undefined : t.exam.templatesStandard}>
          {(names) => (
            <textarea
              {...names}
              rows={6}
              value={text ?? value?.items?.join('\n') ?? ''}
              onInput={(event) => {
                setText(event.currentTarget.value);
                setSaved(false);
              }}
            />
          )}
        </Labelled>
        <div class="row">
          <button disabled={action.busy || text === undefined}>{t.exam.templatesSave}</button>
          {value?.items && (
            <button type="button" disabled={action.busy} onClick={() => void save(null)}>
              {t.exam.templatesReset}
            </button>
          )}
          <span class="small" role="status">
            {saved && t.exam.templatesSaved}
          </span>
        </div>
      </form>
    </section>
  );
}
