import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { SecurityEntry } from '../../protocol/http/security.ts';
import type { SecurityKind } from '../../protocol/security-kinds.ts';
import type { Api } from '../shared/api.ts';
import { messageOf } from '../shared/api-error.ts';

export interface SecurityFilter {
  readonly kind?: SecurityKind | undefined;
  readonly actor?: string | undefined;
  /** Digest of a network. */
  readonly digest?: string | undefined;
}

interface Page {
  readonly items: readonly SecurityEntry[];
  readonly nextCursor: string | null;
}

const PAGE = 50;

/** Pages of the security log, newest first. */
export function useSecurityLog(api: Api, filter: SecurityFilter) {
  const [entries, setEntries] = useState<readonly SecurityEntry[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  /** Number of the newest request; responses to older ones are ignored. */
  const asked = useRef(0);
  const { kind, actor, digest } = filter;
  const load = useCallback(
    async (from: string | null, before: readonly SecurityEntry[]) => {
      const turn = ++asked.current;
      setBusy(true);
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(kind && { kind }),
        ...(actor && { actor }),
        ...(digest && { digest }),
        ...(from && { cursor: from }),
      });
      try {
        const page = await api.get<Page>(`/api/audit/security?${query}`);
        if (turn !== asked.current) return;
        setEntries([...before, ...page.items]);
        setCursor(page.nextCursor);
        setProblem(undefined);
      } catch (error) {
        if (turn === asked.current) setProblem(messageOf(error));
      } finally {
        if (turn === asked.current) setBusy(false);
      }
    },
    [api, kind, actor, digest],
  );
  useEffect(() => void load(null, []), [load]);
  return {
    entries,
    problem,
    busy,
    more: cursor === null ? undefined : () => void load(cursor, entries),
    reload: () => void load(null, []),
  };
}
