import { catalogue } from '../shared/messages/catalogue.ts';
import { docs } from '../shared/messages/en/docs.ts';

export const t = catalogue(docs);
