import type { AttentionLevel } from '../../../../protocol/attention.ts';
import type {
  CAMERA_EVENTS,
  CHALLENGE_EVENTS,
  FLOOD_EVENTS,
  INCIDENTS,
  KnownSignal,
  Level,
  PROCTOR_EVENTS,
  SERVER_EVENTS,
  Source,
} from '../../../../protocol/event-types.ts';
import type { Event } from '../../../../protocol/events.ts';
import type { FaceCheckOutcome } from '../../../../protocol/http/requests.ts';
import type { Verdict } from '../../../../protocol/http/reviews.ts';
import type { Direction } from '../../../../protocol/request-kinds.ts';
import { plural } from '../numbers.ts';

export type KnownEvent =
  | KnownSignal
  | (typeof INCIDENTS)[number]
  | (typeof CAMERA_EVENTS)[number]
  | (typeof CHALLENGE_EVENTS)[number]
  | (typeof SERVER_EVENTS)[number]
  | (typeof FLOOD_EVENTS)[number]
  | (typeof PROCTOR_EVENTS)[number];

/** Events and risk, as students and staff read them. */
export const events = {
  names: {
    NO_FACE: 'No face detected',
    MULTIPLE_FACES: 'More than one face',
    LOOKING_AWAY: 'Looking away',
    CAMERA_COVERED: 'Camera covered',
    FROZEN_VIDEO: 'Frozen video',
    NO_FRAME_RECEIVED: 'No image received',
    INVALID_IMAGE: 'Unreadable image',
    REPEATED_PICTURE: 'The same images again',
    STILL_PICTURE: 'Face too still for a person',
    LOOPED_VIDEO: 'Video repeats itself',
    FEW_FRAMES: 'Far fewer images than asked for',
    SMALL_PICTURE: 'Images far smaller than asked for',
    TWO_SOURCES: 'Images from two sources',
    FACE_UNCLEAR: 'Face not clearly visible',
    CAMERA_CHANGED: 'Camera or its view changed',
    TURNED_AT_START: 'Turned aside during calibration',
    CHALLENGE_ASKED: 'Asked to turn the head',
    CHALLENGE_PASSED: 'Turned the head as asked',
    CHALLENGE_FAILED: 'No head turn as asked',
    CHALLENGE_NOT_SEEN: 'Head turn could not be seen',
    TAB_SWITCH: 'Left the exam tab or minimised the window',
    WINDOW_BLUR: 'Window lost focus',
    FULLSCREEN_EXIT: 'Exited full screen',
    COPY: 'Copied',
    CUT: 'Cut',
    PASTE: 'Pasted',
    CONTEXT_MENU: 'Opened the context menu',
    SECOND_SCREEN: 'Second screen',
    CAMERA_UNAVAILABLE: 'Camera unavailable',
    PAGE_LEFT: 'Left the exam page',
    RETURNED_TO_EXAM: 'Returned to the exam',
    CONNECTION_LOST: 'Connection lost',
    CONNECTION_RESTORED: 'Connection restored',
    SESSION_TAKEOVER: 'Connected from another window or device',
    SEQUENCE_CONFLICT: 'Conflicting sequence number',
    FRAMES_REFUSED: 'Image analysis stopped',
    FRAME_LOST: 'Image lost on the server',
    SIGNALS_OVER_BUDGET: 'Too many browser events: counted, not listed',
    EVENTS_OVER_BUDGET: 'Too many interruptions: counted, not listed',
    CLIENT_STATE_MISSING: 'Exam page stopped reporting its state',
    UNREPORTED_ABSENCE: 'Absence without a signal of the exam page',
    VIRTUAL_CAMERA_NAME: 'Camera named like a virtual one',
    DEVICE_CHANGED: 'Continued on another device or client',
    NETWORK_CHANGED: 'Continued from another network',
    START_PICTURE: 'Picture of the start kept',
    PAUSE_EXPIRED: 'Ended: nobody resumed the session',
    SESSION_PAUSED: 'Session paused',
    SESSION_RESUMED: 'Session resumed',
    SESSION_EXTENDED: 'Session extended',
    SESSION_TERMINATED: 'Session ended by a proctor',
    SESSION_CONTINUED: 'Session continued after readmission',
    PROCTOR_MESSAGE: 'Message from a proctor',
    ROOM_LOOK: 'Asked to show the room',
    FACE_CHECK: 'Face compared by a person',
  } satisfies Record<KnownEvent, string>,
  /** A name that the student's client made up: never shown as one of the server's (rule E8). */
  reportedByBrowser: (name: string) => `Reported by the student's browser: “${name}”`,
  sources: {
    client: "Student's browser",
    vision: 'Camera analysis',
    connection: 'Server',
    proctor: 'Proctor',
  } satisfies Record<Source, string>,
  ongoing: 'ongoing',
  /** Of a session that a proctor extended. */
  minutesAdded: (minutes: number) => plural(minutes, { one: '# minute added', other: '# minutes added' }),
  /** Of requests to the student. */
  directions: { left: 'to the left', right: 'to the right', up: 'up' } satisfies Record<Direction, string>,
  askedAgain: 'asked a second time',
  atRandom: 'at a random time',
  turns: {
    no_turn: 'the face was in view and did not turn',
    small_turn: 'the face turned less than asked',
    other_side: 'the face turned to the other side; some cameras mirror their images',
  } as Readonly<Record<string, string>>,
  /** Why a head turn could not be seen: nobody's fault. */
  notSeen: {
    no_pictures: 'too few images arrived',
    no_face: 'no face was in view',
    covered: 'the image was dark or uniform',
    dark: 'the face was too dark',
    several_faces: 'several people were in view',
    unclear: 'the face was not clear enough',
    client: "the student's exam program does not show such requests",
    offline: 'the connection was lost',
    hidden: 'the exam page was not in front',
    not_shown: 'the exam page did not show it',
    paused: 'the exam was paused',
    vision_off: 'image analysis was off',
    server_busy: 'the server could not store anything',
    session_end: 'the session ended',
  } as Readonly<Record<string, string>>,
  looks: {
    shown: (seconds: number) =>
      plural(Math.round(seconds), { one: 'shown for # second', other: 'shown for # seconds' }),
    declined: 'declined by the student',
    declinedBecause: (reason: string) => `declined by the student: “${reason}”`,
    unanswered: 'not answered',
    interrupted: 'interrupted',
    client: "the student's exam program does not show such requests",
    server_restart: 'not finished: the server restarted',
    session_end: 'not finished: the session ended',
  },
  faceChecks: {
    same: 'same person',
    not_sure: 'not sure',
    different: 'different person',
  } satisfies Record<FaceCheckOutcome, string>,
  faceCheckOpen: 'no outcome recorded',
  pausedFor: (pause: string) => `${pause} paused`,
  newEnd: (time: string) => `new end ${time}`,
  reviewed: {
    confirmed: 'Confirmed by a reviewer',
    dismissed: 'Dismissed by a reviewer',
  } satisfies Record<NonNullable<Event['review']>, string>,
  attention: { calm: 'Calm', watch: 'Watch', high: 'High' } satisfies Record<AttentionLevel, string>,
  risk: { Low: 'Low risk', Medium: 'Medium risk', High: 'High risk' } satisfies Record<Level, string>,
  verdicts: {
    no_concern: 'No concern',
    concern: 'Concern',
    violation: 'Violation',
  } satisfies Record<Verdict['verdict'], string>,
};
