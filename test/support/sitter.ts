import type { InvigilClient } from '../../web/sdk/client.ts';
import type { Api } from './api.ts';
import { jpeg } from './pictures.ts';
import { randomChoices } from './random.ts';
import { createClient } from './sdk.ts';

const { random } = randomChoices();
const jpegs = [0, 1, 2, 3].map((seed) => jpeg(seed));

const SIGNAL_EVERY_MS = 500;
const FRAME_EVERY_MS = 2000;

/** One student whose client keeps reporting and sending pictures. */
export class Sitter {
  readonly sessionId: string;
  readonly client: InvigilClient;
  readonly left: string[] = [];
  sent = 0;
  acked = 0;
  holds = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(api: Api, sessionId: string) {
    this.sessionId = sessionId;
    this.client = createClient(api, sessionId);
    this.client.on('ack', ({ seq }) => (this.acked = Math.max(this.acked, seq)));
    this.client.on('hold', () => (this.holds += 1));
    this.client.on(
      'state',
      ({ state, closeCode }) => state !== 'live' && state !== 'connecting' && this.left.push(`${state} ${closeCode}`),
    );
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.client.signal('PASTE', { n: ++this.sent }), SIGNAL_EVERY_MS * (0.9 + random() * 0.2)),
      setInterval(() => this.client.sendFrame(jpegs[this.sent % jpegs.length]!), FRAME_EVERY_MS),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
