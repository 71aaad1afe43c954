/** WebSocket subprotocol name offered by clients and echoed by the server. */
export const PROTOCOL = 'invigil.v1';

/** Prefix of the second `Sec-WebSocket-Protocol` value, which carries the ticket and is never echoed. */
export const TICKET_PREFIX = 'ticket.';

/**
 * Every wire format that was released, newest last. The digest is over the JSON Schemas of all messages (see
 * version.test.ts): a change of the wire fails there until an entry says what changed.
 */
export const HISTORY = [
  { version: 1, name: PROTOCOL, schemas: '100bdfb75c02e886', change: 'first version' },
  {
    version: 1,
    name: PROTOCOL,
    schemas: '0b7c9d1595ff5c63',
    change:
      'evidenceDays in welcome, box in analysis, room of sessions, codes of HTTP problems, hold and go, where a console goes on after a gap: a client of before passes over them',
  },
  {
    version: 1,
    name: PROTOCOL,
    schemas: '4c261b021bbbaca6',
    change: 'codes of HTTP problems about passwords and second factors',
  },
  {
    version: 1,
    name: PROTOCOL,
    schemas: '9659430bea698a8a',
    change: 'codes of HTTP problems about renewals that meet, and about registering',
  },
  {
    version: 1,
    name: PROTOCOL,
    schemas: '4ad73b3e95a770b6',
    change: 'the code of HTTP problems about hosts that the server does not know',
  },
  {
    version: 1,
    name: PROTOCOL,
    schemas: '7fcd4c1d87716fd0',
    change:
      'address of the student in sessions, texts of commands measured in bytes, 2 KiB of data in a signal: a client of before passes over the first and is told of the others',
  },
  {
    version: 1,
    name: PROTOCOL,
    schemas: '5b45b4c72ff26ab1',
    change: 'a code for pictures that are larger than was asked for',
  },
] as const;

/** Oldest version that this server still speaks. */
export const OLDEST_SUPPORTED = 1;
