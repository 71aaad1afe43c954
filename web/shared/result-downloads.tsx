import type { Api } from './api.ts';
import { Problem } from './field.tsx';
import { resultText } from './messages/results.ts';
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
  const { busy, error, run } = useAction();
  const download = (ending: 'csv' | 'xlsx') =>
    void run(async () => {
      const file = await api.download(`/api/exams/${exam.id}/results/${ending}`);
      saveFile(
        `${resultText.file(exam.title).replace(REFUSED, ' ').replace(/ +/g, ' ').slice(0, 100).trim()}.${ending}`,
        file,
      );
    });
  return (
    <>
      <div class="row" role="group" aria-label={resultText.label}>
        <button disabled={busy} onClick={() => download('xlsx')}>
          {resultText.xlsx}
        </button>
        <button disabled={busy} onClick={() => download('csv')}>
          {resultText.csv}
        </button>
      </div>
      <Problem>{error}</Problem>
    </>
  );
}
