import type { PolicyProfile } from '../../../protocol/http/profiles.ts';
import type { Api } from '../../shared/api.ts';
import { readPages } from '../../shared/read-pages.ts';
import { type Loaded, useLoaded } from '../../shared/use-loaded.ts';

/** Policy profiles that an exam of the organisation can take. */
export const readPolicyProfiles = (api: Api, organisation: string): Promise<PolicyProfile[]> =>
  readPages(api, `/api/policy-profiles?archived=false&organisation=${organisation}`);

export const usePolicyProfiles = (api: Api, organisation: string): Loaded<readonly PolicyProfile[]> =>
  useLoaded(() => readPolicyProfiles(api, organisation), [api, organisation]);
