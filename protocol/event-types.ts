/** Names, severities and default weights of events. No imports: also part of the browser SDK. */

/** Known signals of a client about its browser. Other upper-case names are stored as unknown signals. */
export const SIGNALS = [
  'TAB_SWITCH',
  'WINDOW_BLUR',
  'FULLSCREEN_EXIT',
  'COPY',
  'CUT',
  'PASTE',
  'CONTEXT_MENU',
  'SECOND_SCREEN',
  'CAMERA_UNAVAILABLE',
  'PAGE_LEFT',
  /** The end of an absence (rule E9). */
  'RETURNED_TO_EXAM',
] as const;
export type KnownSignal = (typeof SIGNALS)[number];

/** What the student says to staff, sent like signals (rule M1). They never weigh. */
export const STUDENT_WORDS = ['STUDENT_MESSAGE', 'HAND_RAISED', 'HAND_LOWERED'] as const;
export type StudentWord = (typeof STUDENT_WORDS)[number];

/** Signals that begin an absence; `RETURNED_TO_EXAM` ends it. */
export const ABSENCES = ['TAB_SWITCH', 'WINDOW_BLUR', 'PAGE_LEFT'] as const satisfies readonly KnownSignal[];

/** Incidents that the rules open from frames or from their absence. Each has a start and an end. */
export const INCIDENTS = [
  'NO_FACE',
  'MULTIPLE_FACES',
  'LOOKING_AWAY',
  'CAMERA_COVERED',
  'FROZEN_VIDEO',
  'NO_FRAME_RECEIVED',
  'INVALID_IMAGE',
  /** The very same images come again. */
  'REPEATED_PICTURE',
  /** Head and eyes are too still for a living person. */
  'STILL_PICTURE',
  /** Movements come again as in a video that is played in a loop. */
  'LOOPED_VIDEO',
  'FEW_FRAMES',
  'SMALL_PICTURE',
  /** Images of two cameras, or of two clients, in turns. */
  'TWO_SOURCES',
  'FACE_UNCLEAR',
] as const;
export type IncidentType = (typeof INCIDENTS)[number];

/** Moments that the rules note in frames. */
export const CAMERA_EVENTS = [
  /** Another view, or images of other proportions, in mid-exam. */
  'CAMERA_CHANGED',
  /** The student did not face the camera during the calibration. */
  'TURNED_AT_START',
] as const;
export type CameraEvent = (typeof CAMERA_EVENTS)[number];

/** Head turns that a student is asked for, and what came of them (rule R2). */
export const CHALLENGE_EVENTS = [
  /** Lasts until its outcome. */
  'CHALLENGE_ASKED',
  'CHALLENGE_PASSED',
  /** The face was in view all the time, and did not turn as asked. */
  'CHALLENGE_FAILED',
  /** The camera, the connection or the page did not let it be seen: nothing is known. */
  'CHALLENGE_NOT_SEEN',
] as const;

/** What staff or the server ask for. Each lasts until its outcome, and is no incident. */
const REQUESTS: ReadonlySet<string> = new Set(['CHALLENGE_ASKED', 'ROOM_LOOK', 'FACE_CHECK']);

/** Whether an event of this type that lasts is an open incident. */
export const opensIncident = (type: string): boolean => !REQUESTS.has(type);

/** Events that the server records about the connection and the protocol. */
export const SERVER_EVENTS = [
  'CONNECTION_LOST',
  'CONNECTION_RESTORED',
  /** Five gaps within six minutes (rule E13). */
  'CONNECTION_UNSTABLE',
  'SESSION_TAKEOVER',
  'SEQUENCE_CONFLICT',
  'FRAMES_REFUSED',
  'FRAME_LOST',
  /** Connections and incidents counted instead of stored (rule S10). */
  'EVENTS_OVER_BUDGET',
  /** The client stopped reporting its state while its frames go on (rule E10). */
  'CLIENT_STATE_MISSING',
  /** The reported state is an absence that no signal announced (rule E10). */
  'UNREPORTED_ABSENCE',
  /** The camera has the name of a virtual one: a hint (rule E10). */
  'VIRTUAL_CAMERA_NAME',
  /** The session went on from another device, client or network (rule E11). */
  'DEVICE_CHANGED',
  'NETWORK_CHANGED',
  /** A picture of the student was kept for face checks (rule R4). */
  'START_PICTURE',
  /** Nobody resumed the session, which ends (rule C18). */
  'PAUSE_EXPIRED',
] as const;

/** Signals counted instead of stored, because they exceed the budget of their session (rule S10). */
export const FLOOD_EVENTS = ['SIGNALS_OVER_BUDGET'] as const;

/** Acts of a proctor on a session. */
export const PROCTOR_EVENTS = [
  'SESSION_PAUSED',
  'SESSION_RESUMED',
  'SESSION_EXTENDED',
  'SESSION_TERMINATED',
  /** An ended session goes on under a readmission. */
  'SESSION_CONTINUED',
  'PROCTOR_MESSAGE',
  /** The student is asked to show the room (rule R3). */
  'ROOM_LOOK',
  /** A person compares the student's face with the picture of the start (rule R4). */
  'FACE_CHECK',
  /** A person flags what they saw (rule E12). */
  'PROCTOR_FLAG',
  /** A person keeps the present image (rule E12). */
  'PROCTOR_SNAPSHOT',
] as const;

/** Of these, what students are told only once a verdict is released (rule E12). */
export const UNTOLD_EVENTS = [
  'PROCTOR_FLAG',
  'PROCTOR_SNAPSHOT',
] as const satisfies readonly (typeof PROCTOR_EVENTS)[number][];

/** Event names reserved for the server. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...INCIDENTS,
  ...CAMERA_EVENTS,
  ...CHALLENGE_EVENTS,
  ...SERVER_EVENTS,
  ...FLOOD_EVENTS,
  ...PROCTOR_EVENTS,
]);

/** Forbidden at the start of a signal name, which would read as an act of staff or of the server. */
const OFFICIAL = [
  'PROCTOR',
  'INVIGIL',
  'SUPERVISOR',
  'EXAMINER',
  'TEACHER',
  'REVIEWER',
  'MANAGER',
  'STAFF',
  'ADMIN',
  'SESSION',
  'SERVER',
  'SECURITY',
  'REVIEW',
  'SYSTEM',
  'VERDICT',
  'AUDIT',
];
/** Words for persons: forbidden anywhere in a name. */
const PERSONS = ['PROCTOR', 'INVIGIL', 'SUPERVISOR', 'EXAMINER', 'TEACHER', 'MODERATOR', 'LECTURER', 'REVIEWER'];
/** Short words for staff, the server and their acts: forbidden between underscores. */
const WORDS = [
  'STAFF',
  'ADMIN',
  'ADMINISTRATOR',
  'TUTOR',
  'OFFICIAL',
  'SYSTEM',
  'SERVER',
  'APPROVED',
  'DISMISSED',
  'CLEARED',
  'CONFIRMED',
  'VERIFIED',
  'PAUSED',
  'TERMINATED',
  'EXCUSED',
  'ALLOWED',
  'GRANTED',
  'EXTENDED',
  'RESUMED',
];

/** Characters that resemble another letter. */
const READ_AS: Readonly<Record<string, string>> = {
  0: 'O',
  1: 'I',
  3: 'E',
  4: 'A',
  5: 'S',
  7: 'T',
  8: 'B',
  K: 'C',
  L: 'I',
  Q: 'O',
};

/** A name as read at a glance: without underscores, lookalike characters unified. */
const skeleton = (name: string): string =>
  name.replace(/_/g, '').replace(/[0134578KLQ]/g, (sign) => READ_AS[sign] ?? sign);

const RESERVED_SKELETONS: ReadonlySet<string> = new Set([...RESERVED].map(skeleton));
const WORD_OF_STUDENT_SKELETONS: ReadonlySet<string> = new Set(STUDENT_WORDS.map(skeleton));
const OFFICIAL_SKELETONS = OFFICIAL.map(skeleton);
const PERSON_SKELETONS = PERSONS.map(skeleton);
const WORD_SKELETONS: ReadonlySet<string> = new Set(WORDS.map(skeleton));

/**
 * True if clients must not report events of this name: it is reserved, or resembles a name of the server or of staff
 * (rule S7). No list of words is complete, so other names are still displayed as the client's own words (`isMadeUp`).
 */
export function isReserved(name: string): boolean {
  const read = skeleton(name);
  return (
    RESERVED_SKELETONS.has(read) ||
    (WORD_OF_STUDENT_SKELETONS.has(read) && !isStudentWord(name)) ||
    OFFICIAL_SKELETONS.some((word) => read.startsWith(word)) ||
    PERSON_SKELETONS.some((word) => read.includes(word)) ||
    name.split('_').some((word) => WORD_SKELETONS.has(skeleton(word)))
  );
}

const KNOWN_SIGNALS: ReadonlySet<string> = new Set([...SIGNALS, ...STUDENT_WORDS]);
const WORDS_OF_STUDENTS: ReadonlySet<string> = new Set(STUDENT_WORDS);

export const isStudentWord = (type: string): type is StudentWord => WORDS_OF_STUDENTS.has(type);

/** Events of the conversation of a student and the staff of the exam. */
export const CONVERSATION_EVENTS = [...STUDENT_WORDS, 'PROCTOR_MESSAGE'] as const;

/**
 * True if the name of an event is its client's own words (rule E8): any name from a client except known signals.
 * Without a source: any name except known signals and reserved names.
 */
export const isMadeUp = ({ type, source }: { readonly type: string; readonly source?: Source | undefined }): boolean =>
  !KNOWN_SIGNALS.has(type) && (source === 'client' || !RESERVED.has(type));

export const SEVERITIES = ['info', 'low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SOURCES = ['client', 'vision', 'connection', 'proctor'] as const;
export type Source = (typeof SOURCES)[number];

export const LEVELS = ['Low', 'Medium', 'High'] as const;
export type Level = (typeof LEVELS)[number];

/** ProctorBE's weights, and `PAGE_LEFT` as its `TAB_SWITCH`; all other types weigh `UNKNOWN_WEIGHT`. */
export const DEFAULT_WEIGHTS: Readonly<Record<string, number>> = {
  NO_FACE: 2,
  MULTIPLE_FACES: 4,
  LOOKING_AWAY: 2,
  TAB_SWITCH: 3,
  PAGE_LEFT: 3,
  RETURNED_TO_EXAM: 0,
  CAMERA_COVERED: 0,
  FROZEN_VIDEO: 0,
  NO_FRAME_RECEIVED: 0,
  INVALID_IMAGE: 0,
  REPEATED_PICTURE: 0,
  STILL_PICTURE: 0,
  LOOPED_VIDEO: 0,
  FEW_FRAMES: 0,
  SMALL_PICTURE: 0,
  TWO_SOURCES: 0,
  FACE_UNCLEAR: 0,
  CAMERA_CHANGED: 0,
  TURNED_AT_START: 0,
  CHALLENGE_ASKED: 0,
  CHALLENGE_PASSED: 0,
  CHALLENGE_FAILED: 0,
  CHALLENGE_NOT_SEEN: 0,
  CAMERA_UNAVAILABLE: 0,
  CONNECTION_LOST: 0,
  CONNECTION_RESTORED: 0,
  CONNECTION_UNSTABLE: 0,
  SESSION_TAKEOVER: 0,
  SEQUENCE_CONFLICT: 0,
  FRAMES_REFUSED: 0,
  FRAME_LOST: 0,
  SIGNALS_OVER_BUDGET: 4,
  EVENTS_OVER_BUDGET: 0,
  CLIENT_STATE_MISSING: 0,
  UNREPORTED_ABSENCE: 0,
  VIRTUAL_CAMERA_NAME: 0,
  DEVICE_CHANGED: 0,
  NETWORK_CHANGED: 0,
  START_PICTURE: 0,
  PAUSE_EXPIRED: 0,
  SESSION_PAUSED: 0,
  SESSION_RESUMED: 0,
  SESSION_EXTENDED: 0,
  SESSION_TERMINATED: 0,
  SESSION_CONTINUED: 0,
  PROCTOR_MESSAGE: 0,
  ROOM_LOOK: 0,
  FACE_CHECK: 0,
  PROCTOR_FLAG: 0,
  PROCTOR_SNAPSHOT: 0,
};
export const UNKNOWN_WEIGHT = 1;

/** Severity is derived from the weight, so that a policy changes both together. */
export function severityOf(weight: number): Severity {
  if (weight <= 0) return 'info';
  if (weight < 2) return 'low';
  return weight < 4 ? 'medium' : 'high';
}
