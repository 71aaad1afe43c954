/** Size of a part of the storage at a time. */
export interface StorageSamplesTable {
  part: string;
  at: Date;
  /** Decimal: 64 bits. */
  bytes: string | number;
}
