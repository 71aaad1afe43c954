import { useMemo } from 'preact/hooks';
import { useHash } from '../shared/use-hash.ts';
import { hrefOf, parseRoute, type Route } from './route.ts';

/** The page in the current URL. */
export function useRoute(): Route {
  const hash = useHash();
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Opens a page. `replace`: without a step back to the present one, as while somebody types into a filter. */
export function go(route: Route, { replace = false } = {}): void {
  if (replace) location.replace(hrefOf(route));
  else location.assign(hrefOf(route));
}
