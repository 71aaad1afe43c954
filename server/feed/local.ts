import type { Analysis } from '../../protocol/down.ts';
import type { WatchedFrame } from '../../protocol/frame.ts';
import type { Feed, Scope, SessionUpdate, Watcher } from './feed.ts';

/** Sets by key that forget empty ones. */
class Topics<T> {
  readonly #byKey = new Map<string, Set<T>>();

  get(key: string): ReadonlySet<T> | undefined {
    return this.#byKey.get(key);
  }

  add(key: string, item: T): () => void {
    const set = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, set.add(item));
    return () => {
      set.delete(item);
      if (set.size === 0 && this.#byKey.get(key) === set) this.#byKey.delete(key);
    };
  }
}

const ALL = '*';
const topicOf = (scope: Scope) =>
  scope.session ? `session:${scope.session}` : scope.exam ? `exam:${scope.exam}` : ALL;

/** The feed of a single process. */
export class LocalFeed implements Feed {
  readonly #subscribers = new Topics<(update: SessionUpdate) => void>();
  readonly #watchers = new Topics<Watcher>();

  publish(update: SessionUpdate): void {
    for (const topic of [`session:${update.view.id}`, `exam:${update.view.examId}`, ALL]) {
      for (const listener of this.#subscribers.get(topic) ?? []) listener(update);
    }
  }

  subscribe(scope: Scope, listener: (update: SessionUpdate) => void): () => void {
    return this.#subscribers.add(topicOf(scope), listener);
  }

  isWatched(session: string): boolean {
    return this.#watchers.get(session) !== undefined;
  }

  publishFrame(frame: WatchedFrame): void {
    for (const watcher of this.#watchers.get(frame.session) ?? []) watcher.frame(frame);
  }

  publishAnalysis(session: string, analysis: Analysis): void {
    for (const watcher of this.#watchers.get(session) ?? []) watcher.analysis(session, analysis);
  }

  watch(session: string, watcher: Watcher): () => void {
    return this.#watchers.add(session, watcher);
  }
}
