import type { ClientOrigin, ClientOrigins } from '../../../db/schema/client-origin.ts';

/** Changes of a session's device, network and client by a new connection (rule E11). */
export interface OriginChange {
  /** The device is another one, or is no longer told. */
  readonly device: boolean;
  /** The client has another name, or tells none any more. Another version alone is an update. */
  readonly client: boolean;
  readonly network: boolean;
  /** It is the device of the first connection again. */
  readonly firstAgain: boolean;
}

/** @returns undefined if nothing has changed that is known of the connection before */
export function originChange(known: ClientOrigins | null, next: ClientOrigin): OriginChange | undefined {
  if (!known) return undefined;
  const { first, last } = known;
  // An older client told nothing to compare with.
  const told = last.device !== null || last.client !== null;
  const device = told && last.device !== null && next.device !== last.device;
  const client = told && last.client !== null && next.client?.name !== last.client.name;
  const network = next.network !== last.network;
  if (!device && !client && !network) return undefined;
  return { device, client, network, firstAgain: device && next.device !== null && next.device === first.device };
}

export const withOrigin = (known: ClientOrigins | null, next: ClientOrigin): ClientOrigins => ({
  ...known,
  first: known?.first ?? next,
  last: next,
});
