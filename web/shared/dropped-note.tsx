import { droppedFilters } from './dropped-filters.ts';
import { common } from './messages/common.ts';

/** Tells that the address, such as an old bookmark, asks for more than the page follows. */
export function DroppedNote({ understood }: { readonly understood: Readonly<Record<string, string>> }) {
  const dropped = droppedFilters(location.hash, understood);
  return dropped.length === 0 ? null : (
    <p class="note warn" role="status">
      {common.droppedFilters(dropped.join(', '))}
    </p>
  );
}
