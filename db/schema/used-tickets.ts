/** Tickets that opened a socket, kept until nobody could use them again anyway. */
export interface UsedTicketsTable {
  id: string;
  expires_at: Date;
}
