import type { EventRow } from '../../../db/events.ts';
import type { ClientOrigin } from '../../../db/schema/client-origin.ts';
import type { Hello } from '../../../protocol/exam.ts';
import { areaOf } from '../../auth/network.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import { originChange, withOrigin } from '../rules/origin.ts';
import type { BoundedEvents } from '../signals/bounded-events.ts';
import type { OriginDigest } from './origin-digest.ts';

export interface OriginEventsParts {
  readonly session: string;
  readonly recorder: SessionRecorder;
  readonly bounded: BoundedEvents;
  readonly digest: OriginDigest;
}

/** Beginning of a connection. */
export interface Greeting {
  readonly hello: Pick<Hello, 'device' | 'client'>;
  /** IP address of the client. */
  readonly address: string;
}

/** Records that a session goes on from another device, client or network (rule E11). */
export class OriginEvents {
  readonly #parts: OriginEventsParts;

  constructor(parts: OriginEventsParts) {
    this.#parts = parts;
  }

  /** @param goneSince when the connection before was last heard of, server ms; undefined: it was live until now */
  connected(greeting: Greeting, goneSince: number | undefined, now: number): EventRow[] {
    const { recorder, bounded } = this.#parts;
    const known = recorder.state.origins;
    const next = this.#originOf(greeting);
    const change = originChange(known, next);
    recorder.state.origins = withOrigin(known, next);
    if (!known || !change) return [];
    const { device, client, network, firstAgain } = change;
    const gap = goneSince === undefined ? 0 : Math.max(0, now - goneSince);
    const gapSeconds = Math.round(gap / 100) / 10;
    const rows: EventRow[] = [];
    if ((device || client) && bounded.admits('DEVICE_CHANGED', now)) {
      const details = {
        changed: [...(device ? ['device'] : []), ...(client ? ['client'] : []), ...(network ? ['network'] : [])],
        ...(client && { client: nameOf(next), clientBefore: nameOf(known.last) }),
        ...(firstAgain && { firstDeviceAgain: true }),
        gapSeconds,
      };
      // Everything new after a gap: the gap is part of the event, so that a longer one draws more attention.
      const startedAt = network ? now - gap : now;
      rows.push(recorder.record({ type: 'DEVICE_CHANGED', source: 'connection', startedAt, endedAt: now, details }));
    }
    if (network && bounded.admits('NETWORK_CHANGED', now))
      rows.push(recorder.instant('NETWORK_CHANGED', 'connection', now, { gapSeconds }));
    return rows;
  }

  #originOf({ hello: { device, client }, address }: Greeting): ClientOrigin {
    const { session, digest } = this.#parts;
    return {
      device: device === undefined ? null : digest(session, 'device', device),
      network: digest(session, 'network', areaOf(address)),
      client: client ?? null,
    };
  }
}

const nameOf = ({ client }: ClientOrigin) => (client ? `${client.name} ${client.version}`.trim() : 'unknown');
