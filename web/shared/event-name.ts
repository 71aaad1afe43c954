import { isMadeUp, type Severity, type Source } from '../../protocol/event-types.ts';

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

const spelt = (type: string): string => {
  const words = type.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What is known of an event where its name is shown; the source may be missing. */
interface Named {
  readonly type: string;
  readonly source?: Source | undefined;
}

/**
 * An event's name, for every place that shows one: nothing else of the pages writes a type. One that a client made up
 * says itself whose words it is, and stands in quotation marks.
 */
export const eventTitle = (event: Named): string =>
  isMadeUp(event)
    ? `Reported by the student's browser: “${spelt(event.type)}”`
    : (NAMES[event.type] ?? spelt(event.type));

/** The class of an event's colour: none where a client made up the name, whatever a policy has it weigh. */
export const toneOf = (event: Named & { readonly severity: Severity }): Severity | 'own-words' =>
  isMadeUp(event) ? 'own-words' : event.severity;
