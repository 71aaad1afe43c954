import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useHash } from '../shared/use-hash.ts';
import { parseRoute, type Route } from './route.ts';

/** The page in the current URL. */
export function useRoute(): Route {
  const hash = useHash();
  const route = useMemo(() => parseRoute(hash), [hash]);
  const shown = useRef(hash);
  useEffect(() => {
    if (shown.current === hash) return;
    shown.current = hash;
    if (route.page !== 'wall') window.scrollTo(0, 0);
  }, [hash, route]);
  return route;
}
