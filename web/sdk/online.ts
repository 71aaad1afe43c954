interface EventSource {
  addEventListener?(name: 'online', listener: () => void): void;
  removeEventListener?(name: 'online', listener: () => void): void;
}

/** Calls `listener` when the browser is online again; never outside of browsers. @returns a function that stops it */
export function onOnline(listener: () => void): () => void {
  const source = globalThis as EventSource;
  source.addEventListener?.('online', listener);
  return () => source.removeEventListener?.('online', listener);
}
