import type { Source } from '../../protocol/event-types.ts';
import { SOURCE_NAMES } from './source-name.ts';

/** Beside each entry: where it comes from. */
export const SourceBadge = ({ source }: { readonly source: Source }) => (
  <span class={`source source-${source}`}>{SOURCE_NAMES[source]}</span>
);
