import { catalogue } from '../shared/messages/catalogue.ts';
import { notFound } from '../shared/messages/en/not-found.ts';

export const t = catalogue(notFound);
