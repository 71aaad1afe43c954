/**
 * WebSocket subprotocol, offered by clients and echoed by the server. Its name changes only with a version under which
 * a client of the version before could not continue (rule V2).
 */
export const PROTOCOL = 'invigil.v1';

/** Prefix of the second `Sec-WebSocket-Protocol` value, which carries the ticket and is never echoed. */
export const TICKET_PREFIX = 'ticket.';

/**
 * Every version of the wire, oldest first, one entry each. `digest` covers the JSON Schemas of all messages; from
 * version 7 on also the close codes and the binary header (see version.test.ts, which fails when the wire changes
 * without a new entry). Entries never change.
 */
export const HISTORY = [
  { version: 1, name: 'invigil.v1', digest: '100bdfb75c02e886', change: 'first version' },
  {
    version: 2,
    name: 'invigil.v1',
    digest: '0b7c9d1595ff5c63',
    change:
      'New: evidenceDays in welcome, box in analysis, room in session views, after in gap, messages hold and go, error codes of HTTP. Older clients ignore them.',
  },
  {
    version: 3,
    name: 'invigil.v1',
    digest: '4c261b021bbbaca6',
    change: 'New error codes of HTTP: passwords, second factors.',
  },
  {
    version: 4,
    name: 'invigil.v1',
    digest: '9659430bea698a8a',
    change: 'New error codes of HTTP: concurrent renewals, registration.',
  },
  {
    version: 5,
    name: 'invigil.v1',
    digest: '4ad73b3e95a770b6',
    change: 'New error code of HTTP: unknown host.',
  },
  {
    version: 6,
    name: 'invigil.v1',
    digest: '7fcd4c1d87716fd0',
    change:
      'New: studentEmail in session views, which older clients ignore. Stricter: command texts are limited in bytes, signal data to 2 KiB; older clients receive an error for longer ones.',
  },
  {
    version: 7,
    name: 'invigil.v1',
    digest: 'b7c4c2291af9f15d',
    change: 'New error code: picture_too_large. Older clients treat it as any other error.',
  },
  {
    version: 8,
    name: 'invigil.v1',
    digest: 'fc89deb5c6535bb8',
    change: 'New: serverTime in welcome and extended, studentView in the policy of welcome. Older clients ignore them.',
  },
  {
    version: 9,
    name: 'invigil.v1',
    digest: 'f758f6684529a85f',
    change: 'New: others and tooDark in analysis. Older clients ignore them.',
  },
  {
    version: 10,
    name: 'invigil.v1',
    digest: '565b67e33ae58e05',
    change: 'New: message received, receipts in welcome. Older clients ignore them.',
  },
  {
    version: 11,
    name: 'invigil.v1',
    digest: 'c40701dd098ec93e',
    change: 'New: message time, timeEveryMs in welcome. Older clients ignore them.',
  },
  {
    version: 12,
    name: 'invigil.v1',
    digest: '89984daeba58ae0f',
    change:
      'New: attempt in session views, which older clients ignore. New error codes of HTTP: attempts, readmissions.',
  },
  {
    version: 13,
    name: 'invigil.v1',
    digest: '93fffb269276ea4d',
    change: 'New: accommodations in session views, which older clients ignore. New error codes of HTTP: profiles.',
  },
  {
    version: 14,
    name: 'invigil.v1',
    digest: '084dedc465b5b5fc',
    change: 'New error code of HTTP: changed profiles.',
  },
  {
    version: 15,
    name: 'invigil.v1',
    digest: 'b823a4c202ea89e4',
    change: 'New: attention in session views and in risk of the console, which older clients ignore.',
  },
  {
    version: 16,
    name: 'invigil.v1',
    digest: 'd201018e3232f476',
    change:
      'New: message state of exam clients with stateEveryMs in welcome; device, client and reportsState in hello; ownFieldClipboard in the policy of welcome; client in session views. Older clients send and ignore none of them.',
  },
  {
    version: 17,
    name: 'invigil.v1',
    digest: 'e9008a2c0dce794c',
    change:
      'New: messages challenge, room_look and request_over to exam clients that state them in shows of hello, and their message answer; requests and more accommodations in session views; error codes of HTTP: requests to students, decisions about many events. Older clients are sent and send none of them.',
  },
  {
    version: 18,
    name: 'invigil.v1',
    digest: 'd3ac7caca17fdb6c',
    change: 'New error code: extending a session without a deadline.',
  },
  {
    version: 19,
    name: 'invigil.v1',
    digest: 'e7779ff10234c186',
    change:
      'A pause stops the clock. New: pausedAt in welcome and session views, at in paused, pausedMs in extended, which is now also sent before resumed. Older clients ignore the fields, follow extended, and show a clock that runs during a pause.',
  },
  {
    version: 20,
    name: 'invigil.v1',
    digest: '1f3a6f94312900c7',
    change:
      'New: message team to consoles: who has seen a session, who has taken it, who has it open. Older consoles ignore it. New error code of HTTP: claims.',
  },
  {
    version: 21,
    name: 'invigil.v1',
    digest: '4f479a113c8d3b31',
    change: 'New error codes of HTTP: release of verdicts, answers and appeals.',
  },
  {
    version: 22,
    name: 'invigil.v1',
    digest: 'bf9750dab88ae78f',
    change:
      'New: signals STUDENT_MESSAGE, HAND_RAISED and HAND_LOWERED; message seen of exam clients that state marksMessages in hello; id, seq, at and from in notice; message watched; handRaised and the conversation of the policy in welcome; conversation in session views. Older clients send none of them and ignore the rest.',
  },
  {
    version: 23,
    name: 'invigil.v1',
    digest: '647e914243d6e5cd',
    change: 'New error codes of HTTP: flags of staff, images that staff keep.',
  },
  {
    version: 24,
    name: 'invigil.v1',
    digest: 'ba5576f8d1759096',
    change: 'New error codes of HTTP: check-in.',
  },
  {
    version: 25,
    name: 'invigil.v1',
    digest: 'e647dfa0ce324a85',
    change:
      'New close code: 4412, the session has moved to another server process. Older clients reconnect after a delay.',
  },
] as const;

/** Version spoken by this server and this client. */
export const VERSION = HISTORY.length;

/** Oldest version whose clients this server still serves. */
export const OLDEST_SUPPORTED = 1;
