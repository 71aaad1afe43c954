import { SIGNALS } from '../../protocol/event-types.ts';
import type { Event } from '../../protocol/events.ts';

/** Names that read badly when they are merely spelt out. */
const NAMES: Readonly<Record<string, string>> = {
  NO_FACE: 'No face in the picture',
  MULTIPLE_FACES: 'More than one face',
  LOOKING_AWAY: 'Looking away',
  NO_FRAME_RECEIVED: 'No picture received',
  INVALID_IMAGE: 'Unreadable picture',
  TAB_SWITCH: 'Switched to another tab',
  WINDOW_BLUR: 'Window lost the focus',
  FULLSCREEN_EXIT: 'Left full screen',
  COPY: 'Copied',
  PASTE: 'Pasted',
  CONTEXT_MENU: 'Opened the context menu',
  FRAMES_REFUSED: 'Pictures no longer looked at',
  FRAME_LOST: 'A picture was lost on the server',
  SIGNALS_OVER_BUDGET: 'Too many reports: counted, not listed',
  EVENTS_OVER_BUDGET: 'Too many interruptions: counted, not listed',
  SESSION_TAKEOVER: 'Connected from elsewhere',
};

/** An event's type in words; unknown ones are spelt out. */
export function eventName(type: string): string {
  const words = type.toLowerCase().replaceAll('_', ' ');
  return NAMES[type] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** An event's title: a name that a client made up stands in quotation marks, as its own words. */
export const eventTitle = ({ type, source }: Pick<Event, 'type' | 'source'>): string =>
  source === 'client' && !(SIGNALS as readonly string[]).includes(type) ? `“${eventName(type)}”` : eventName(type);
