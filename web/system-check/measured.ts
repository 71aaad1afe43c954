import type { Uplink } from './uplink.ts';

/** Results of the tests that use the real thing: a socket to this server, and a database of this browser. */
export interface Measured {
  /** `busy`: the server had no room for the check; `silent`: no answer of this server, so nothing is known. */
  readonly socket: 'open' | 'blocked' | 'unsupported' | 'busy' | 'silent';
  readonly uplink: Uplink | undefined;
  readonly storage: 'works' | 'blocked' | 'silent';
  /** Device's clock minus the server's, ms; undefined when the server did not tell. */
  readonly clockOffsetMs: number | undefined;
}
