/** Device, network and client that a session is sat with. Ids and addresses as digests keyed by the session. */
export interface ClientOrigin {
  /** Null: the client told none. */
  readonly device: string | null;
  readonly network: string;
  /** Null: the client told none. */
  readonly client: { readonly name: string; readonly version: string } | null;
}

export interface ClientOrigins {
  /** Of the first connection. */
  readonly first: ClientOrigin;
  /** Of the newest connection. */
  readonly last: ClientOrigin;
  /** Name of a virtual camera that is recorded already. */
  readonly virtualCamera?: string | undefined;
  /** Said by this client: that it reports its state (rule E10). */
  readonly reports?: boolean | undefined;
}
