/**
 * Where encrypted pictures lie. An object is written once and never changed, and its key is a UUID, so that this is
 * what a folder and any S3-compatible store can do: put, get, delete, list.
 */
export interface EvidenceStore {
  /** Resolves when the object survives a power cut. After a rejection nothing, or all of it, may be there. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Undefined: no such object. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** A missing object is no error. */
  remove(key: string): Promise<void>;
  /** All objects, in any order. `storedAt`: ms by the store's own clock. */
  list(): AsyncIterable<{ readonly key: string; readonly storedAt: number }>;
}
