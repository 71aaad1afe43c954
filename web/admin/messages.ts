import { catalogue } from '../shared/messages/catalogue.ts';
import { admin } from '../shared/messages/en/admin.ts';

export const t = catalogue(admin);
