/** A process that serves this database. */
export interface NodesTable {
  /** New with each start. */
  id: string;
  /** Name for people. */
  name: string;
  started_at: Date;
  /** By the clock of the database. */
  heartbeat_at: Date;
}
