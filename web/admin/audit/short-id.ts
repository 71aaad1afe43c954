import { t } from '../messages.ts';

/** The end of an id: ids of the same moment start alike. */
export const shortId = (id: string): string => t.audit.unnamed(id.slice(-8));
