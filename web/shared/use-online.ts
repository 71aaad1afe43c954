import { useEffect, useState } from 'preact/hooks';

/** Whether the browser reports that it is online; a yes can be wrong. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const end = new AbortController();
    const read = () => setOnline(navigator.onLine);
    // It may have changed since this was drawn.
    read();
    for (const name of ['online', 'offline']) addEventListener(name, read, { signal: end.signal });
    return () => end.abort();
  }, []);
  return online;
}
