import { catalogue } from '../shared/messages/catalogue.ts';
import { account } from '../shared/messages/en/account.ts';

export const t = catalogue(account);
