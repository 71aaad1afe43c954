import type { GivenWork } from '../../../protocol/http/review-work.ts';
import type { Api } from '../../shared/api.ts';
import { useAskedAgain } from '../use-asked-again.ts';

const NOTHING: GivenWork = { reviews: 0, appeals: 0, appealsToGive: 0 };

/** Work that waits for the person. @param asked false: nobody asks, as before the login */
export const useGivenWork = (api: Api, asked: boolean): GivenWork =>
  useAskedAgain(api, '/api/given-work', NOTHING, asked);
