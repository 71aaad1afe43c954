/** Receives the messages of one socket. */
export interface SocketHandler {
  text(text: string): void;
  binary(bytes: Uint8Array): void;
  drained(): void;
  closed(): void;
  /** The ticket's login has 60 s left. */
  authExpiring(expiresAt: number): void;
}
