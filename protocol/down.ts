import { z } from 'zod';
import { Attention } from './attention.ts';
import { SessionAccommodations } from './accommodations.ts';
import { ERROR_CODES } from './errors.ts';
import { Event, Id, Risk, Timestamp } from './events.ts';
import { StateCamera } from './exam.ts';
import { LEVELS } from './event-types.ts';
import { DIRECTIONS, REQUEST_ENDS } from './request-kinds.ts';
import { Team } from './team.ts';
import { OwnFieldClipboard, StudentView } from './policy.ts';

/** Text messages, server to exam client and server to console. */

export const Throttle = z.object({
  fps: z.number().describe('Frames per second the client may send.'),
  maxWidth: z.int().describe('Pixels; the height is at most 16/9 of it (rule F11).'),
  quality: z.number().describe('JPEG quality, 0..1.'),
  reason: z.enum(['policy', 'busy', 'vision_off']),
});
export type Throttle = z.infer<typeof Throttle>;

export const Code = z.enum(ERROR_CODES);

const Fault = z
  .object({
    type: z.literal('error'),
    code: Code,
    message: z.string().describe('For people; its wording can change.'),
    retryable: z.boolean().describe('True if the same request can succeed later.'),
    ref: z
      .union([z.string(), z.number()])
      .optional()
      .describe('Signal sequence number, frame sequence number or session id that caused the error.'),
  })
  .describe('Refuses a message. A close frame follows where the rule of the code says so.');

const ReauthDue = z
  .object({ type: z.literal('reauth'), expiresAt: Timestamp.describe('The socket is closed 4401 at this time.') })
  .describe('Requests a fresh ticket, 60 s before the socket expires (rule C8).');

export const END_REASONS = ['finished', 'ended', 'terminated', 'expired'] as const;
export const EndReason = z.enum(END_REASONS);
export type EndReason = z.infer<typeof EndReason>;

export const Analysis = z.object({
  frame: z.int().describe('Sequence number of the analysed frame.'),
  faces: z.int(),
  pose: z
    .object({ yaw: z.number(), pitch: z.number(), roll: z.number() })
    .nullable()
    .describe('Head pose of the largest face, degrees: yaw > 0 to image right, pitch > 0 up, roll > 0 clockwise.'),
  gaze: z
    .object({ yaw: z.number(), pitch: z.number(), confidence: z.number() })
    .nullable()
    .describe('Gaze of the largest face relative to its head, degrees; confidence 0..1.'),
  box: z
    .object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() })
    .nullable()
    .optional()
    .describe('Largest face, as fractions of the image width and height from the upper left corner.'),
  others: z
    .int()
    .min(0)
    .optional()
    .describe('Faces besides the largest that count as people under the policy; absent from older servers.'),
  tooDark: z.boolean().optional().describe('Whether the largest face is too dark to be judged well.'),
});
export type Analysis = z.infer<typeof Analysis>;

export const ExamDown = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('welcome'),
      sessionId: Id,
      stream: Id,
      lastAck: z.int().min(0).describe('Highest committed sequence number of the stream.'),
      throttle: Throttle,
      risk: Risk,
      paused: z.boolean(),
      pausedAt: Timestamp.nullable()
        .optional()
        .describe('Beginning of the pause: time left is `deadline` minus this (rule C18); null unless paused.'),
      deadline: Timestamp.nullable().describe(
        'The session ends automatically at this time, unless it is paused; null without a limit.',
      ),
      serverTime: Timestamp.describe('Time of the server. Count down from it: clocks of clients are wrong.'),
      vision: z.enum(['on', 'off']),
      receipts: z.boolean().optional().describe('True if every frame is answered by `received` (rule F13).'),
      timeEveryMs: z.int().min(1).optional().describe('Interval of `time`, ms (rule C17).'),
      stateEveryMs: z.int().min(1).optional().describe('Interval of `state`, ms (rule E10); absent: none is taken.'),
      handRaised: z.boolean().optional().describe("Whether the student's hand is raised (rule M3)."),
      policy: z.object({
        version: z.int(),
        ownFieldClipboard: OwnFieldClipboard.optional().describe(
          "Copying, cutting and pasting inside the page's own fields: reported, or left out.",
        ),
        calibrationSeconds: z.number(),
        conversation: z
          .boolean()
          .optional()
          .describe('Whether the student can write to staff and raise a hand (rule M1).'),
        studentView: StudentView.describe('Parts of the record to show the student during the exam.'),
        retentionDays: z.int(),
        evidenceDays: z.int().nullable().describe('Days that incident images are kept; null if the policy keeps none.'),
        levels: z.object({ medium: z.number(), high: z.number() }).describe('Lowest score of each risk level.'),
      }),
    })
    .describe('Answers `hello`: the connection is live (rule C6).'),
  z
    .object({ type: z.literal('ack'), seq: z.int().min(0) })
    .describe('All signals of the stream up to `seq` are committed (rule S3).'),
  z
    .object({ type: z.literal('hold'), from: z.int().min(1) })
    .describe('The store is saturated: the client keeps signals from `from` on until `go` (rule S9).'),
  z
    .object({ type: z.literal('go'), from: z.int().min(1) })
    .describe('Ends a `hold`: the client sends signals from `from` on (rule S9).'),
  z
    .object({ type: z.literal('event'), event: Event })
    .describe('An event was committed, or changed: the same `id` is sent again (rule E2).'),
  z.object({ type: z.literal('risk'), ...Risk.shape }).describe('Risk after the preceding change (rule E4).'),
  z
    .object({ type: z.literal('received'), frame: z.int().min(0).describe('Sequence number of the frame.') })
    .describe('A frame arrived, whether or not it will be analysed (rule F13).'),
  z.object({ type: z.literal('analysis'), ...Analysis.shape }).describe('Result of one analysed frame (rule F6).'),
  z
    .object({ type: z.literal('throttle'), ...Throttle.shape })
    .describe('Sets frame rate, width and quality (rules F7, F11).'),
  z
    .object({
      type: z.literal('notice'),
      text: z.string(),
      id: Id.optional().describe('Of its event; absent from older servers, as are the fields below.'),
      seq: z.int().min(1).optional().describe('Of its event; `seen` names it.'),
      at: Timestamp.optional(),
      from: z.string().optional().describe('Name of its author, where the policy shows names of staff.'),
    })
    .describe('Message from staff to the student (rule M4).'),
  z
    .object({ type: z.literal('watched'), watching: z.boolean() })
    .describe('Whether somebody watches the camera live; sent where the policy says so (rule M6).'),
  z
    .object({
      type: z.literal('paused'),
      reason: z.string().nullable(),
      at: Timestamp.optional().describe('The clock of the session stands still from here on (rule C18).'),
    })
    .describe('A proctor paused the session. Frames are not analysed until `resumed` (rule F8).'),
  z
    .object({ type: z.literal('resumed') })
    .describe('A proctor resumed the session; `extended` with the new deadline comes before it (rule C18).'),
  z
    .object({ type: z.literal('time'), serverTime: Timestamp })
    .describe('Sent every `timeEveryMs` of `welcome`: a connection without it is dead (rule C17).'),
  z
    .object({
      type: z.literal('challenge'),
      id: Id,
      direction: z.enum(DIRECTIONS).describe("As the student sees it: `left` is the student's left."),
      seconds: z.number().describe('Time for the turn, from the answer `shown` on.'),
    })
    .describe('Asks the student to turn the head (rule R2). Shown once the page is visible.'),
  z
    .object({
      type: z.literal('room_look'),
      id: Id,
      seconds: z.number().describe('Time for showing the room, from the answer `begin` on.'),
    })
    .describe('Asks the student to show the room with the camera (rule R3).'),
  z
    .object({ type: z.literal('request_over'), id: Id, result: z.enum(REQUEST_ENDS) })
    .describe('A request is over: passed, done as asked, over without that, or interrupted (it may come again).'),
  z
    .object({
      type: z.literal('extended'),
      deadline: Timestamp,
      serverTime: Timestamp,
      pausedMs: z
        .int()
        .min(0)
        .optional()
        .describe('Length of the pause that this adds, ms; absent: a proctor added time.'),
    })
    .describe('The session ends at `deadline`: a proctor extended it, or a pause is over (rule C18).'),
  ReauthDue,
  z
    .object({ type: z.literal('ended'), reason: EndReason, risk: Risk })
    .describe('The session is over. A close with 4410 follows (rule X1).'),
  Fault,
]);
export type ExamDown = z.infer<typeof ExamDown>;

/** Last `state` of an exam client. */
export const ClientState = z.object({
  at: Timestamp.describe('Server time of its arrival.'),
  visible: z.boolean().nullable(),
  focused: z.boolean().nullable(),
  explained: z.string().optional(),
  fullscreen: z.boolean(),
  screens: z.union([z.int(), z.literal('several'), z.literal('unknown')]),
  camera: z.object(StateCamera.shape).extend({ label: z.string().nullable() }).nullable(),
  waiting: z.int(),
});
export type ClientState = z.infer<typeof ClientState>;

/** One live session in a console. */
export const SessionView = z.object({
  id: Id,
  examId: Id,
  studentId: Id,
  studentName: z.string(),
  studentEmail: z.string().describe('Unique, unlike the name.'),
  attempt: z
    .int()
    .min(1)
    .optional()
    .describe("Number among the student's attempts at the exam; absent from older servers."),
  room: z
    .string()
    .nullable()
    .describe('Room or group: that of the enrolment, as of the end of a session that has ended.'),
  accommodations: SessionAccommodations.nullable()
    .optional()
    .describe('Accommodations at session start; null: none; absent from older servers.'),
  status: z.enum(['active', 'paused', 'ended']),
  connected: z.boolean(),
  startedAt: Timestamp,
  deadline: Timestamp.nullable().describe('During a pause: as of its beginning (rule C18).'),
  pausedAt: Timestamp.nullable()
    .optional()
    .describe('Beginning of the pause; null unless paused; absent from older servers.'),
  endedAt: Timestamp.nullable(),
  score: z.number(),
  rolling: z.number(),
  level: z.enum(LEVELS),
  attention: Attention.optional().describe('Order in which staff look at sessions; absent from older servers.'),
  open: z.array(z.string()).describe('Types of open incidents.'),
  lastFrameAt: Timestamp.nullable(),
  client: ClientState.nullable()
    .optional()
    .describe('Last state that the exam client reported; null: none; absent from older servers and for students.'),
  requests: z
    .object({
      challenge: z
        .enum(['on', 'policy', 'accommodation'])
        .describe('Whether head turns can be asked for; otherwise what switches them off.'),
      faceCheck: z.boolean().describe('Whether the policy keeps a picture of the start for face checks.'),
    })
    .optional()
    .describe('Requests to the student that staff can make; absent from older servers and for students.'),
  conversation: z
    .object({
      hand: Timestamp.nullable().describe('Since when the hand is raised; null: it is not.'),
      unread: z.int().min(0).describe('Messages of the student that nobody of the staff has read.'),
    })
    .optional()
    .describe('Conversation of student and staff (rule M5); absent from older servers and over HTTP.'),
  offset: z
    .int()
    .min(0)
    .describe(
      'Offset of the last change; resume with it in `subscribe.from`. 0 for its student before a verdict is released.',
    ),
});
export type SessionView = z.infer<typeof SessionView>;

export const ConsoleDown = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('snapshot'), sessions: z.array(SessionView) })
    .describe('Answers `subscribe`: live sessions, at most 2000 (rule P1).'),
  z.object({ type: z.literal('session'), session: SessionView }).describe('A session started or changed.'),
  z
    .object({
      type: z.literal('event'),
      offset: z.int().min(1).describe('Increases by one with each change of the events of the session.'),
      event: Event,
    })
    .describe('An event was committed or changed (rule P2).'),
  z
    .object({
      type: z.literal('risk'),
      session: Id,
      ...Risk.shape,
      attention: Attention.optional().describe('Absent from older servers.'),
    })
    .describe('Risk of a session after a change (rule E4).'),
  z
    .object({ type: z.literal('analysis'), session: Id, ...Analysis.shape })
    .describe('Result of one analysed frame of a session.'),
  z
    .object({ type: z.literal('team'), sessions: z.array(Team) })
    .describe('Staff at work on sessions: of those with any after `snapshot`, of one after a change (rule P5).'),
  z
    .object({ type: z.literal('gap'), session: Id, after: z.int().min(0) })
    .describe('Changes after offset `after` were skipped: subscribe again with it in `from` (rule P2).'),
  ReauthDue,
  Fault,
]);
export type ConsoleDown = z.infer<typeof ConsoleDown>;
