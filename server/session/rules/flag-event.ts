import type { EventRow } from '../../../db/events.ts';

export const FLAG = 'PROCTOR_FLAG';

/** A flag of staff weighs by its category, which is stored with it: neither a policy nor a pause changes that. */
export const isFlag = ({ type, source }: Pick<EventRow, 'type' | 'source'>): boolean =>
  type === FLAG && source === 'proctor';
