import { useState } from 'preact/hooks';
import type { Api } from './api.ts';
import { Problem } from './field.tsx';
import { resultText } from './messages/results.ts';
import { type Separator, SeparatorField } from './separator-field.tsx';
import { saveFile } from './save-file.ts';
import { useAction } from './use-action.ts';

interface ResultDownloadsProps {
  readonly api: Api;
  readonly exam: { readonly id: string; readonly title: string };
}

/** Characters that file systems refuse. */
const REFUSED = /[\p{Cc}<>:"/\\|?*]+/gu;

/** Results of an exam as files, of the sessions that the person sees. */
export function ResultDownloads({ api, exam }: ResultDownloadsProps) {
  const [separator, setSeparator] = useState<Separator>('comma');
  const { busy, error, run } = useAction();
  const download = (ending: 'csv' | 'xlsx') =>
    void run(async () => {
      const query = ending === 'csv' ? `?separator=${separator}` : '';
      const file = await api.download(`/api/exams/${exam.id}/results/${ending}${query}`);
      saveFile(
        `${resultText.file(exam.title).replace(REFUSED, ' ').replace(/ +/g, ' ').slice(0, 100).trim()}.${ending}`,
        file,
      );
    });
  return (
    <>
      <div class="row downloads" role="group" aria-label={resultText.label}>
        <button disabled={busy} onClick={() => download('xlsx')}>
          {resultText.xlsx}
        </button>
        <button disabled={busy} onClick={() => download('csv')}>
          {resultText.csv}
        </button>
        <SeparatorField value={separator} onChange={setSeparator} />
      </div>
      <Problem>{error}</Problem>
    </>
  );
}
