import type { EventRow } from '../../db/events.ts';
import { EVENT_NAMES } from '../../protocol/event-names.ts';
import { isMadeUp } from '../../protocol/event-types.ts';

const spelt = (type: string) => type.charAt(0) + type.slice(1).toLowerCase().replaceAll('_', ' ');

/** Name of a type in reports; of one that clients make up, its own words. */
export const typeName = (type: string): string =>
  (EVENT_NAMES as Readonly<Record<string, string>>)[type] ?? spelt(type);

export const eventName = ({ type, source }: Pick<EventRow, 'type' | 'source'>): string =>
  isMadeUp({ type, source }) ? `Reported by the student's browser: “${spelt(type)}”` : typeName(type);
