import { isMadeUp, type Severity, type Source } from '../../protocol/event-types.ts';
import { eventText } from './messages/events.ts';

const spelt = (type: string): string => {
  const words = type.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** An event's identity where its name is shown; the source is not always known. */
interface Named {
  readonly type: string;
  readonly source?: Source | undefined;
}

/**
 * An event's display name; no other code of the pages shows a type. A name that a client made up is quoted and
 * attributed to the browser.
 */
export const eventTitle = (event: Named): string =>
  isMadeUp(event)
    ? eventText.reportedByBrowser(spelt(event.type))
    : ((eventText.names as Readonly<Record<string, string>>)[event.type] ?? spelt(event.type));

/** CSS class for an event's colour; a name that a client made up gets none, whatever weight a policy gives it. */
export const toneOf = (event: Named & { readonly severity: Severity }): Severity | 'own-words' =>
  isMadeUp(event) ? 'own-words' : event.severity;
