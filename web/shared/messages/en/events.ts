import type { AttentionLevel } from '../../../../protocol/attention.ts';
import { EVENT_NAMES } from '../../../../protocol/event-names.ts';
import type { Level, Source } from '../../../../protocol/event-types.ts';
import type { Event } from '../../../../protocol/events.ts';
import type { FaceCheckOutcome } from '../../../../protocol/http/requests.ts';
import type { Verdict } from '../../../../protocol/http/reviews.ts';
import type { Direction } from '../../../../protocol/request-kinds.ts';
import { plural } from '../numbers.ts';

export type { KnownEvent } from '../../../../protocol/event-names.ts';

/** Events and risk, as students and staff read them. */
export const events = {
  names: EVENT_NAMES,
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
  /** Author of an act of staff. */
  by: (name: string) => `By ${name}`,
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
