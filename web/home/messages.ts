import { catalogue } from '../shared/messages/catalogue.ts';
import { home } from '../shared/messages/en/home.ts';

export const t = catalogue(home);
