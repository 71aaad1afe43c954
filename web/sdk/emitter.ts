type Listener<T> = (value: T) => void;

/** Typed event emitter. */
export class Emitter<Events extends object> {
  #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Adds a listener. @returns a function that removes it */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => void set.delete(listener);
  }

  emit<K extends keyof Events>(name: K, value: Events[K]): void {
    const listeners = this.#listeners.get(name);
    if (!listeners) return;
    // A copy: a listener added by another one receives the next event, not this one.
    for (const listener of Array.from(listeners)) {
      try {
        (listener as Listener<Events[K]>)(value);
      } catch (error) {
        // An error of a page's listener is reported, but must not break the connection.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
