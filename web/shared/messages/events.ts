import { catalogue } from './catalogue.ts';
import { events } from './en/events.ts';

export const eventText = catalogue(events);
