import { catalogue } from '../shared/messages/catalogue.ts';
import { console } from '../shared/messages/en/console.ts';

export const t = catalogue(console);
