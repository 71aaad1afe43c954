import type { SecurityEntry } from '../../protocol/http/security.ts';
import type { SecurityKind } from '../../protocol/security-kinds.ts';
import type { Api } from '../shared/api.ts';
import { type Pages, usePages } from '../shared/use-pages.ts';

export interface SecurityFilter {
  readonly kind?: SecurityKind | undefined;
  readonly actor?: string | undefined;
  /** Digest of a network. */
  readonly digest?: string | undefined;
}

const PAGE = 50;

/** Pages of the security log, newest first. */
export function useSecurityLog(api: Api, { kind, actor, digest }: SecurityFilter): Pages<SecurityEntry> {
  return usePages<SecurityEntry>(
    (cursor) => {
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(kind && { kind }),
        ...(actor && { actor }),
        ...(digest && { digest }),
        ...(cursor && { cursor }),
      });
      return api.get(`/api/audit/security?${query}`);
    },
    [api, kind, actor, digest],
  );
}
