import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

interface Received {
  readonly from: string;
  readonly to: string;
  readonly login: string | undefined;
  readonly text: string;
}

/** An SMTP server on a free port that takes one login and refuses some recipients. */
export class MailServer {
  readonly received: Received[] = [];
  readonly tried: string[] = [];
  /** Codes by recipient, each for one try. */
  readonly refusals = new Map<string, number[]>();
  readonly #server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) =>
      username === 'exams' && password === 'p@ss/word' ? done(null, { user: username }) : done(new Error('no')),
    onRcptTo: ({ address }, _session, done) => {
      this.tried.push(address);
      const code = this.refusals.get(address)?.shift();
      done(code === undefined ? null : Object.assign(new Error(`no mailbox\r\nhere ${code}`), { responseCode: code }));
    },
    onData: (stream, { envelope, user }: SMTPServerSession & { user?: unknown }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const text = Buffer.concat(chunks).toString();
        this.received.push({ from, to: envelope.rcptTo[0]!.address, login: user as string, text });
        done();
      });
    },
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.server.address() as AddressInfo;
    return `smtp://exams:${encodeURIComponent('p@ss/word')}@127.0.0.1:${port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Body of a mail, decoded. */
export const bodyOf = ({ text }: Received): string => {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  return /quoted-printable/i.test(text)
    ? Buffer.from(
        body
          .replaceAll('=\r\n', '')
          .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      ).toString()
    : body;
};
