import { useEffect, useState } from 'preact/hooks';

/** The part of the address that names the page. */
export function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const turn = () => setHash(location.hash);
    // Effects run after the page is drawn: the address may have changed since it was read.
    turn();
    addEventListener('hashchange', turn);
    return () => removeEventListener('hashchange', turn);
  }, []);
  return hash;
}
