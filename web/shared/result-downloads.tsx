import { useState } from 'preact/hooks';
import type { Api } from './api.ts';
import { Problem } from './field.tsx';
import { resultText } from './messages/results.ts';
import { type Separator, SeparatorField } from './separator-field.tsx';
import { saveFile } from './save-file.ts';
import { useAction } from './use-action.ts';

interface ResultDownloadsProps {
  /** Sessions, or students with the missing ones. */
  readonly of?: 'results' | 'attendance';
  readonly api: Api;
  readonly exam: { readonly id: string; readonly title: string };
}

/** Characters that file systems refuse. */
const REFUSED = /[\p{Cc}<>:"/\\|?*]+/gu;

/** Results or attendance of an exam as files, as far as the person sees them. */
export function ResultDownloads({ api, exam, of = 'results' }: ResultDownloadsProps) {
  const [separator, setSeparator] = useState<Separator>('comma');
  const { busy, error, run } = useAction();
  const texts = resultText[of];
  const download = (ending: 'csv' | 'xlsx') =>
    void run(async () => {
      const query = ending === 'csv' ? `?separator=${separator}` : '';
      const file = await api.download(`/api/exams/${exam.id}/${of}/${ending}${query}`);
      saveFile(
        `${texts.file(exam.title).replace(REFUSED, ' ').replace(/ +/g, ' ').slice(0, 100).trim()}.${ending}`,
        file,
      );
    });
  return (
    <>
      <div class="row downloads" role="group" aria-label={texts.label}>
        <button disabled={busy} onClick={() => download('xlsx')}>
          {texts.xlsx}
        </button>
        <button disabled={busy} onClick={() => download('csv')}>
          {texts.csv}
        </button>
        <SeparatorField value={separator} onChange={setSeparator} />
      </div>
      <Problem>{error}</Problem>
    </>
  );
}
