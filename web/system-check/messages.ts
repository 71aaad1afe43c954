import { catalogue } from '../shared/messages/catalogue.ts';
import { systemCheck } from '../shared/messages/en/system-check.ts';

export const t = catalogue(systemCheck);
