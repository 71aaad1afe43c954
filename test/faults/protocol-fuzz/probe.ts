import { expect } from 'vitest';
import type { Wrong } from './messages.ts';
import type { Message, Peer } from './peer.ts';

/** Counters of an actor. */
export interface Tally {
  messages: number;
  received: number;
  readonly codes: Map<string, number>;
}

/** Sends one invalid message on a new socket: expects its error, nothing else, and a close. */
export async function probe(
  tally: Tally,
  open: (take: (message: Message) => void) => Peer,
  { wire, code, close }: Wrong,
): Promise<void> {
  const peer = open((message) => {
    tally.received += 1;
    expect(message).toMatchObject({ type: 'error', code });
    tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1);
  });
  await peer.until('open', () => peer.opened);
  tally.messages += 1;
  peer.send(wire);
  await peer.until(`close ${close}`, () => peer.closeCode !== undefined);
  expect(peer.closeCode).toBe(close);
}
