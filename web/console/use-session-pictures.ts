import { useEffect, useState } from 'preact/hooks';
import type { SessionEvidence } from '../../protocol/http/evidence.ts';
import type { Api } from '../shared/api.ts';
import { ApiError } from '../shared/api-error.ts';

const NONE: ReadonlyMap<string, readonly SessionEvidence[]> = new Map();

/**
 * Stored pictures of a session by event, oldest first.
 * @param wanted false while pictures are not shown or none can exist
 * @param version changes when there may be more
 */
export function useSessionPictures(
  api: Api,
  session: string,
  { wanted, version }: { readonly wanted: boolean; readonly version: number },
): ReadonlyMap<string, readonly SessionEvidence[]> {
  const [kept, setKept] = useState(NONE);
  useEffect(() => {
    if (!wanted) return setKept(NONE);
    let gone = false;
    api
      .get<{ items: SessionEvidence[] }>(`/api/sessions/${session}/evidence`)
      .then(({ items }) => gone || setKept(byEvent(items)))
      // The detail of an incident says why its pictures cannot be shown.
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      });
    return () => void (gone = true);
  }, [api, session, wanted, version]);
  return kept;
}

function byEvent(items: readonly SessionEvidence[]): ReadonlyMap<string, readonly SessionEvidence[]> {
  const found = new Map<string, SessionEvidence[]>();
  for (const item of items) {
    const own = found.get(item.eventId);
    if (own) own.push(item);
    else found.set(item.eventId, [item]);
  }
  return found;
}
