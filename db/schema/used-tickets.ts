/** Used tickets, kept until they have expired. */
export interface UsedTicketsTable {
  id: string;
  expires_at: Date;
}
