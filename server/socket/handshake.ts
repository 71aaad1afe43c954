import { ProtocolError } from '../../protocol/errors.ts';

const VERSION = '13';

/**
 * Checks an opening handshake against RFC 6455, section 4.2.1. uWebSockets.js checks the length of the key only.
 * @param header gives a request header, empty when it was not sent
 * @throws ProtocolError `bad_request`
 */
export function checkHandshake(header: (name: string) => string): void {
  const has = (name: string, token: string) =>
    header(name)
      .split(',')
      .some((value) => value.trim().toLowerCase() === token);
  if (!has('upgrade', 'websocket')) throw new ProtocolError('bad_request', 'Upgrade must name websocket');
  if (!has('connection', 'upgrade')) throw new ProtocolError('bad_request', 'Connection must name Upgrade');
  // 16 bytes in base64: the last digit before the padding has only two of its bits to give.
  if (!/^[A-Za-z\d+/]{21}[AQgw]==$/.test(header('sec-websocket-key')))
    throw new ProtocolError('bad_request', 'Sec-WebSocket-Key must be 16 bytes in base64');
  if (header('sec-websocket-version') !== VERSION)
    throw new ProtocolError('bad_request', `Sec-WebSocket-Version must be ${VERSION}`);
}

/** Sent with every refusal: section 4.4 requires it where the version was wrong. */
export const HANDSHAKE_HEADERS = { 'Sec-WebSocket-Version': VERSION };
