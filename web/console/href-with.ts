import { hrefOf, parseRoute, type Route } from './route.ts';

type Filtered = Extract<Route, { readonly filter: unknown }>;
type FilterOf<P extends Filtered['page']> = Extract<Filtered, { readonly page: P }>['filter'];

/**
 * The `href` of a list with a part of its filter changed.
 * @param shown the filter that the page shows: while one choice follows another at once, the address is ahead of it
 */
export function hrefWith<P extends Filtered['page']>(
  page: P,
  shown: FilterOf<P>,
  change: Partial<FilterOf<P>>,
): string {
  const now = parseRoute(location.hash);
  const filter = now.page === page ? now.filter : shown;
  return hrefOf({ page, filter: { ...filter, ...change } } as Route);
}
