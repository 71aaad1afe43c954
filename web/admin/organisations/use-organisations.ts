import type { User } from '../../../protocol/http/accounts.ts';
import type { Organisation } from '../../../protocol/http/organisations.ts';
import type { Api } from '../../shared/api.ts';
import { readPages } from '../../shared/read-pages.ts';
import { useLoaded } from '../../shared/use-loaded.ts';

export interface Organisations {
  /** Oldest first; empty for managers, who have only their own. */
  readonly all: readonly Organisation[];
  /** Whether there is a choice. Until a second one is created, pages do not mention organisations. */
  readonly several: boolean;
  readonly problem: string | undefined;
  readonly reload: () => Promise<void>;
}

export function useOrganisations(api: Api, { id, role }: User): Organisations {
  const { value, error, reload } = useLoaded(
    async () => (role === 'admin' ? (await readPages<Organisation>(api, '/api/organisations')).toReversed() : []),
    [api, id, role],
  );
  const all = value ?? [];
  return { all, several: all.length > 1, problem: error, reload };
}
