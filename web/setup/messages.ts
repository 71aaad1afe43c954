import { catalogue } from '../shared/messages/catalogue.ts';
import { setup } from '../shared/messages/en/setup.ts';

export const t = catalogue(setup);
