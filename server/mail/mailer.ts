import { createTransport, type Transporter } from 'nodemailer';
import type { MailStatus } from '../../protocol/http/passwords.ts';
import type { Clock, Timers } from '../clock.ts';
import type { Logger } from '../log.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailerParts {
  /** Undefined: no mail is sent. */
  readonly url: string | undefined;
  readonly from: string | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly onEnd?: (result: 'sent' | 'failed') => void;
}

type Report = (error: string | null) => Promise<void> | void;

interface Queued {
  readonly mail: Mail;
  readonly report: Report;
  tries: number;
}

/** Mails that wait at most; further ones fail at once. */
const MAX_QUEUED = 20_000;
const CONNECTIONS = 2;
/** Pauses before a mail is tried again, ms: greylisting refuses the first try. */
const RETRY_MS = [20_000, 120_000, 600_000];
const TIMEOUTS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000, dnsTimeout: 15_000 };

/** Codes of 500 and above are final, as is a message that cannot be written; 4xx is for now. */
function isFinal(error: unknown): boolean {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  return responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500;
}

/** For pages: a server's words, without control characters and bounded. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 300);

/**
 * Sends mails in the background by one SMTP server, a few at a time. Nothing waits for it; each mail's outcome is
 * reported once.
 */
export class Mailer {
  readonly #parts: MailerParts;
  readonly #transport: Transporter | undefined;
  readonly #waiting: Queued[] = [];
  readonly #delayed = new Set<Queued>();
  #running = 0;
  #sent = 0;
  #failed = 0;
  #lastFailure: MailStatus['lastFailure'] = null;
  #stopped = false;

  constructor(parts: MailerParts) {
    this.#parts = parts;
    if (parts.url !== undefined && parts.from !== undefined)
      this.#transport = createTransport({ url: parts.url, ...TIMEOUTS }, { from: parts.from });
  }

  get enabled(): boolean {
    return this.#transport !== undefined;
  }

  get status(): MailStatus {
    return {
      enabled: this.enabled,
      from: (this.enabled && this.#parts.from) || null,
      queued: this.#waiting.length + this.#delayed.size + this.#running,
      sent: this.#sent,
      failed: this.#failed,
      lastFailure: this.#lastFailure,
    };
  }

  /** @param report called with the reason of a failure, or null */
  send(mail: Mail, report: Report = () => {}): void {
    const queued = { mail, report, tries: 0 };
    if (this.#waiting.length + this.#delayed.size >= MAX_QUEUED || this.#stopped)
      return this.#end(queued, this.#stopped ? 'the server is stopping' : 'too many mails are waiting');
    this.#waiting.push(queued);
    this.#next();
  }

  /** Ends with the mails in progress; waiting ones fail. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
    this.#delayed.clear();
    this.#transport?.close();
  }

  #next(): void {
    while (this.#running < CONNECTIONS) {
      const queued = this.#waiting.shift();
      if (!queued) return;
      this.#running += 1;
      void this.#try(queued).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #try(queued: Queued): Promise<void> {
    queued.tries += 1;
    try {
      await this.#transport!.sendMail(queued.mail);
      this.#end(queued, null);
    } catch (error) {
      const pause = RETRY_MS[queued.tries - 1];
      if (pause === undefined || isFinal(error) || this.#stopped) return this.#end(queued, messageOf(error));
      this.#note(messageOf(error));
      this.#delayed.add(queued);
      this.#parts.timers.after(pause, () => {
        if (!this.#delayed.delete(queued)) return;
        this.#waiting.push(queued);
        this.#next();
      });
    }
  }

  #note(message: string): void {
    this.#lastFailure = { at: new Date(this.#parts.clock()).toISOString(), message };
  }

  #end({ report }: Queued, error: string | null): void {
    const { log, onEnd } = this.#parts;
    if (error === null) this.#sent += 1;
    else {
      this.#failed += 1;
      this.#note(error);
      // Without the address: the log has no personal data.
      log.warn({ reason: error }, 'sending a mail failed');
    }
    onEnd?.(error === null ? 'sent' : 'failed');
    Promise.resolve(report(error)).catch((cause: unknown) =>
      log.debug({ err: cause }, 'recording the outcome of a mail failed'),
    );
  }
}
