interface EventSource {
  addEventListener?(name: 'online', listener: () => void): void;
  removeEventListener?(name: 'online', listener: () => void): void;
}

/** Calls `listener` when a browser says that it is online again; elsewhere never. @returns stops that */
export function onOnline(listener: () => void): () => void {
  const source = globalThis as EventSource;
  source.addEventListener?.('online', listener);
  return () => source.removeEventListener?.('online', listener);
}
