import { useEffect, useState } from 'preact/hooks';
import { hrefOf, parseRoute, type Route } from './route.ts';

/** The page in the current URL. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const turn = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', turn);
    return () => removeEventListener('hashchange', turn);
  }, []);
  return route;
}

/** Opens a page. `replace`: without a step back to the present one, as while somebody types into a filter. */
export function go(route: Route, { replace = false } = {}): void {
  if (replace) location.replace(hrefOf(route));
  else location.assign(hrefOf(route));
}
