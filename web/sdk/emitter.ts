type Listener<T> = (value: T) => void;

/** Typed listeners by name. */
export class Emitter<Events extends object> {
  #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** @returns takes the listener off again */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => void set.delete(listener);
  }

  emit<K extends keyof Events>(name: K, value: Events[K]): void {
    const listeners = this.#listeners.get(name);
    if (!listeners) return;
    // A copy: a listener that is added while one runs hears the next event, not this one.
    for (const listener of Array.from(listeners)) {
      try {
        (listener as Listener<Events[K]>)(value);
      } catch (error) {
        // A page's bug must show, but must not break the connection that it listens to.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
