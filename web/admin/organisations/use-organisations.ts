import { useMemo } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { Organisation } from '../../../protocol/http/organisations.ts';
import type { Api } from '../../shared/api.ts';
import { readPages } from '../../shared/read-pages.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';

export interface NamedOrganisation extends Organisation {
  /** Its name, with the end of its id if another one has the same name. */
  readonly label: string;
}

export interface Organisations {
  /** Oldest first; empty for managers, who have only their own. */
  readonly all: readonly NamedOrganisation[];
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
  const all = useMemo(() => tellApart(value ?? []), [value]);
  return { all, several: all.length > 1, problem: error, reload };
}

/** Pure: organisations of one name get labels that differ. */
export function tellApart(all: readonly Organisation[]): NamedOrganisation[] {
  const folded = (name: string) => name.toLocaleLowerCase();
  return all.map((one) => ({
    ...one,
    label: all.some(({ id, name }) => id !== one.id && folded(name) === folded(one.name))
      ? t.organisations.ofId(one.name, one.id.slice(-8))
      : one.name,
  }));
}
