import { useEffect, useRef, useState } from 'preact/hooks';
import type { CheckInListItem } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { messageOf } from '../../shared/api-error.ts';
import { everyLook } from '../every-look.ts';

export interface CheckIns {
  /** Undefined before the first answer. */
  readonly items: readonly CheckInListItem[] | undefined;
  /** There are more than are read. */
  readonly isCut: boolean;
  /** Of the last look: what is shown may be old. */
  readonly problem: string | undefined;
  readonly reload: () => Promise<void>;
}

/** The first check-ins of a filter, read again while the page is open. */
export function useCheckIns(api: Api, query: string): CheckIns {
  const [state, setState] = useState<Omit<CheckIns, 'reload'>>({ items: undefined, isCut: false, problem: undefined });
  const turn = useRef(0);
  const reload = async () => {
    const mine = ++turn.current;
    try {
      const { items, nextCursor } = await api.get<{ items: CheckInListItem[]; nextCursor: string | null }>(
        `/api/check-ins?${query}`,
      );
      if (mine === turn.current) setState({ items, isCut: nextCursor !== null, problem: undefined });
    } catch (error) {
      if (mine === turn.current) setState((before) => ({ ...before, problem: messageOf(error) }));
    }
  };
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    setState({ items: undefined, isCut: false, problem: undefined });
    void latest.current();
    const stop = everyLook(() => void latest.current());
    return () => {
      turn.current++;
      stop();
    };
  }, [api, query]);
  return { ...state, reload };
}
