import type { CheckInsWaiting } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { useAskedAgain } from '../use-asked-again.ts';

const NOBODY: CheckInsWaiting = { waiting: 0, items: [] };

/** Students who wait to be admitted, by exam. @param asked false: nobody asks, as before the login */
export const useWaiting = (api: Api, asked: boolean): CheckInsWaiting =>
  useAskedAgain(api, '/api/check-ins/waiting', NOBODY, asked);
