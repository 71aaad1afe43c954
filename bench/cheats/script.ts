import type { Detection } from '../../models/jobs.ts';
import type { Random } from '../../simulator/draw/prng.ts';

/** One second of a scripted sitting, as the server gets it. */
export interface Second {
  /** The analysed frame; undefined: none arrives. */
  readonly frame?: Shot | undefined;
  /** Frames that arrive in this second without analysis; 1 by default, as at the default policy. */
  readonly more?: number;
  /** Signals of the client, by type. */
  readonly signals?: readonly Signal[];
  /** False: the connection is lost. */
  readonly connected?: boolean;
  /** Bytes that are no JPEG arrive instead of a frame. */
  readonly broken?: boolean;
  /** State that the client reports when it is due; `silent`: none. By default the page is visible and has the focus. */
  readonly state?: PageState | 'silent';
  /** Origin that a connection that begins in this second tells; by default that of the first one. */
  readonly origin?: Origin;
}

export interface PageState {
  readonly visible: boolean;
  readonly focused: boolean;
  /** Dialog of the browser that explains it. */
  readonly explained?: string;
  /** Name of the camera. */
  readonly label?: string;
}

export interface Origin {
  readonly device?: string;
  readonly network?: string;
  /** Name of the client program. */
  readonly client?: string;
  /** Whether `hello` says that states follow; true by default. */
  readonly reports?: boolean;
}

export interface Shot {
  readonly detection: Detection;
  /** Digest of the bytes; by default one that no other frame has. */
  readonly digest?: number;
  readonly via?: 'socket' | 'post';
}

export interface Signal {
  readonly type: string;
  /** Seconds, for an absence that ended; 0 by default. */
  readonly lasted?: number;
}

/** What happens in each second. Same seed, same sitting. @param second from 1 */
export type Script = (second: number, random: Random) => Second;

export interface Sitting {
  readonly name: string;
  readonly seed: number;
  readonly script: Script;
}

/** A sitting by somebody who cheats. */
export interface Cheat extends Sitting {
  /** Event types of its kind: one of them must come. */
  readonly shows: readonly string[];
  /** Second at which it begins. */
  readonly from: number;
  /**
   * How soon its event must come: `soon` within 30 s; `late` is what needs a longer look, such as a loop that must come
   * round; `hint` is information that many honest people cause, too, and need not rank above them.
   */
  readonly noticed: 'soon' | 'late' | 'hint';
}
