/**
 * Part of the key under which the addresses of one day are digested; random, and deleted when it has been kept long
 * enough.
 */
export interface AddressKeysTable {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** 32 bytes. */
  secret: Uint8Array;
}
