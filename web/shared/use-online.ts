import { useEffect, useState } from 'preact/hooks';

/** Whether the browser thinks that it is online; it can be wrong in saying yes. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const end = new AbortController();
    for (const name of ['online', 'offline'])
      addEventListener(name, () => setOnline(navigator.onLine), { signal: end.signal });
    return () => end.abort();
  }, []);
  return online;
}
