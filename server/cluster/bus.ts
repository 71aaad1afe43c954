/** Nobody serves the subject: the node is gone, or it is cut from the bus. */
export class NobodyThereError extends Error {
  override readonly name = 'NobodyThereError';
}

/** No answer within the time: whether the request took effect is unknown. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/**
 * Messages between the nodes of a cluster. The bus may lose, repeat or delay any of them: the database is the truth, and
 * what is read from it repairs.
 */
export interface Bus {
  /** False while messages are lost. */
  readonly isUp: boolean;
  publish(subject: string, bytes: Uint8Array): void;
  /** @returns ends it */
  subscribe(subject: string, take: (bytes: Uint8Array, subject: string) => void): () => void;
  /** @throws NobodyThereError or NoAnswerError */
  request(subject: string, bytes: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  serve(subject: string, answer: (bytes: Uint8Array) => Promise<Uint8Array>): void;
  /** Called each time that the connection is there again. */
  onUp(listener: () => void): void;
  close(): Promise<void>;
}
