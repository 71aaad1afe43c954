import { useEffect, useState } from 'preact/hooks';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { readPages } from '../shared/read-pages.ts';
import { type Action, useAction } from '../shared/use-action.ts';

const MAX_PAGES = 10;

/**
 * All exams, newest first.
 * @param listed the list is being shown, and is read again
 * @param wanted an exam's id; the list is read again if it does not contain it
 */
export function useExams(
  api: Api,
  listed: boolean,
  wanted: string | undefined,
): { exams: readonly Exam[] | undefined; action: Action } {
  const [exams, setExams] = useState<readonly Exam[]>();
  const action = useAction();
  useEffect(() => {
    if (exams && !listed && (wanted === undefined || exams.some(({ id }) => id === wanted))) return;
    void action.run(async () => setExams(await readPages<Exam>(api, '/api/exams', MAX_PAGES)));
  }, [api, listed, wanted]);
  return { exams, action };
}
