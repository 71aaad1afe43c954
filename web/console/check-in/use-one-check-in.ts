import { useEffect, useState } from 'preact/hooks';
import type { CheckIn } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { messageOf } from '../../shared/api-error.ts';
import { everyLook } from '../every-look.ts';

export interface OneCheckIn {
  readonly value: CheckIn | undefined;
  readonly problem: string | undefined;
  readonly reload: () => Promise<CheckIn | undefined>;
  /** Shows what an act answered. */
  readonly put: (checkIn: CheckIn) => void;
}

/** The check-in in front of the person, read again while it is: a colleague or the student may change it. */
export function useOneCheckIn(api: Api, id: string): OneCheckIn {
  const [value, setValue] = useState<CheckIn>();
  const [problem, setProblem] = useState<string>();
  /** An answer with an older revision arrived late. */
  const put = (next: CheckIn) => setValue((shown) => (shown && shown.revision > next.revision ? shown : next));
  const reload = async () => {
    try {
      const next = await api.get<CheckIn>(`/api/check-ins/${id}`);
      put(next);
      setProblem(undefined);
      return next;
    } catch (error) {
      setProblem(messageOf(error));
      return undefined;
    }
  };
  useEffect(() => {
    void reload();
    return everyLook(() => void reload());
  }, [api, id]);
  return { value, problem, reload, put };
}
