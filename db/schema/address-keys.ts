/** Part of the key for digests of one day's IP addresses; random, deleted after its retention. */
export interface AddressKeysTable {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** 32 bytes. */
  secret: Uint8Array;
}
