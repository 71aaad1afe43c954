import { useEffect, useState } from 'preact/hooks';
import type { StateChange } from '../sdk/link-state.ts';
import type { WallStore } from './wall-store.ts';

/** Connection state of the wall. */
export function useLink(store: WallStore): StateChange {
  const [link, setLink] = useState(store.link);
  useEffect(() => {
    setLink(store.link);
    return store.on('link', setLink);
  }, [store]);
  return link;
}
