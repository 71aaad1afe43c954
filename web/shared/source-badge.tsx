import type { Source } from '../../protocol/event-types.ts';
import { eventText } from './messages/events.ts';

/** Source of an event, shown beside its name. */
export const SourceBadge = ({ source }: { readonly source: Source }) => (
  <span class={`source source-${source}`}>{eventText.sources[source]}</span>
);
