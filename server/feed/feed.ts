import type { Analysis, SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import type { WatchedFrame } from '../../protocol/frame.ts';

/** Something of one session that was committed, in the order of its commits. */
export interface SessionUpdate {
  readonly view: SessionView;
  readonly changes: readonly { readonly offset: number; readonly event: Event }[];
  /** Status, connection or deadline changed, not only events and risk. */
  readonly stateChanged: boolean;
}

export interface Scope {
  readonly exam?: string | undefined;
  readonly session?: string | undefined;
}

export interface Watcher {
  frame(frame: WatchedFrame): void;
  analysis(session: string, analysis: Analysis): void;
}

/** Live fan-out to consoles. Delivery starts with the subscription: what came before is read from the database. */
export interface Feed {
  publish(update: SessionUpdate): void;
  /** @returns a function that ends the subscription */
  subscribe(scope: Scope, listener: (update: SessionUpdate) => void): () => void;
  isWatched(session: string): boolean;
  publishFrame(frame: WatchedFrame): void;
  publishAnalysis(session: string, analysis: Analysis): void;
  watch(session: string, watcher: Watcher): () => void;
}
