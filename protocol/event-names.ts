import type {
  CAMERA_EVENTS,
  CHALLENGE_EVENTS,
  FLOOD_EVENTS,
  INCIDENTS,
  KnownSignal,
  PROCTOR_EVENTS,
  SERVER_EVENTS,
  StudentWord,
} from './event-types.ts';

export type KnownEvent =
  | KnownSignal
  | StudentWord
  | (typeof INCIDENTS)[number]
  | (typeof CAMERA_EVENTS)[number]
  | (typeof CHALLENGE_EVENTS)[number]
  | (typeof SERVER_EVENTS)[number]
  | (typeof FLOOD_EVENTS)[number]
  | (typeof PROCTOR_EVENTS)[number];

/** English names of events, on pages and in files of the server. */
export const EVENT_NAMES = {
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
  STUDENT_MESSAGE: 'Message from the student',
  HAND_RAISED: 'Raised a hand',
  HAND_LOWERED: 'Hand lowered',
  CONNECTION_LOST: 'Connection lost',
  CONNECTION_RESTORED: 'Connection restored',
  CONNECTION_UNSTABLE: 'Connection lost again and again',
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
  SESSION_PAUSED: 'Session paused',
  SESSION_RESUMED: 'Session resumed',
  SESSION_EXTENDED: 'Session extended',
  SESSION_TERMINATED: 'Session ended by a proctor',
  SESSION_CONTINUED: 'Session continued after readmission',
  PROCTOR_MESSAGE: 'Message from a proctor',
  ROOM_LOOK: 'Asked to show the room',
  FACE_CHECK: 'Face check by a person',
  PROCTOR_FLAG: 'Flag by a proctor',
  PROCTOR_SNAPSHOT: 'Image kept by a proctor',
  PAUSE_EXPIRED: 'Ended: nobody resumed the session',
} satisfies Record<KnownEvent, string>;
