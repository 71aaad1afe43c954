import { z } from 'zod';
import { AttentionPolicy } from './attention.ts';
import { DEFAULT_WEIGHTS, UNKNOWN_WEIGHT } from './event-types.ts';
import { STORABLE_TEXT } from './storable.ts';

/** Seconds a condition must last. */
export const HoldSeconds = z.number().min(0).max(3600);
/** Weight by event type. */
export const Weights = z.record(z.string().max(64).regex(STORABLE_TEXT), z.number().min(0).max(100));

/** Days after the end of a session. */
const RetentionDays = z.int().min(1).max(3650);
/** Days after the release of a verdict. */
const PeriodDays = z.int().min(0).max(365);
const seconds = (value: number) => HoldSeconds.default(value);
const degrees = (value: number) => z.number().min(-90).max(90).default(value);

/** Events only, events and score, or neither. */
export const StudentView = z.enum(['events', 'score', 'none']);
export type StudentView = z.infer<typeof StudentView>;

/** Whether copying, cutting and pasting inside the fields of the exam's page is reported. */
export const OwnFieldClipboard = z.enum(['report', 'ignore']);
export type OwnFieldClipboard = z.infer<typeof OwnFieldClipboard>;

/** Well-known virtual cameras, by parts of their names. */
const VIRTUAL_CAMERAS =
  'OBS Virtual Camera, OBS-Camera, ManyCam, XSplit VCam, SplitCam, Snap Camera, CamTwist, v4l2loopback, e2eSoft VCam, AlterCam, YouCam, ChromaCam, mmhmm Camera, NDI Video, UniteCam, Webcamoid, Dummy video device';

/** Detection and risk settings of an exam. Copied into each session at its start, so edits affect no running session. */
export const Policy = z
  .object({
    weights: Weights.default({})
      .transform((weights): Record<string, number> => ({ ...DEFAULT_WEIGHTS, ...weights }))
      // A transform alone has no JSON Schema for its output.
      .pipe(z.record(z.string(), z.number()))
      .meta({
        title: 'Weights of events',
        description:
          'Points that one event of a type adds to the risk score. 0: the event is recorded and adds nothing. Types not named here keep their default.',
      }),
    unknownWeight: z.number().min(0).max(100).default(UNKNOWN_WEIGHT).meta({
      title: 'Weight of unknown events',
      description: 'Points that an event adds whose type has no weight of its own, such as a signal of your exam page.',
    }),
    levels: z
      .object({
        medium: z.number().default(5).meta({
          title: 'Level Medium from',
          description: 'Risk score from which a session is shown at the level Medium.',
        }),
        high: z.number().default(10).meta({
          title: 'Level High from',
          description: 'Risk score from which a session is shown at the level High, which alerts proctors.',
        }),
      })
      .prefault({}),
    halfLifeSeconds: z.number().min(1).max(86_400).default(300).meta({
      title: 'Half-life of rolling risk, seconds',
      description:
        'Time in which the rolling risk falls to a half. Longer: earlier events count for longer. The risk score itself never falls.',
    }),
    attention: AttentionPolicy,
    frames: z
      .object({
        sendFps: z.number().min(0.1).max(15).default(2).meta({
          title: 'Images sent per second',
          description: "Images that a student's browser sends. More need more upload; fewer make the live view jerky.",
        }),
        analyseFps: z.number().min(0.1).max(15).default(1).meta({
          title: 'Images analysed per second',
          description:
            'Of the images sent, those that the server analyses. More find shorter incidents and need more processor time for each session.',
        }),
        maxWidth: z.int().min(64).max(1920).default(640).meta({
          title: 'Width of images, pixels',
          description: 'Browsers send images of at most this width. Wider ones show more and need more upload.',
        }),
        quality: z.number().min(0.1).max(1).default(0.8).meta({
          title: 'JPEG quality',
          description: 'From 0.1 (small and coarse) to 1 (large and fine).',
        }),
      })
      .prefault({}),
    holds: z
      .object({
        noFace: seconds(3).meta({
          title: 'Nobody in the picture, seconds',
          description: 'Time without a face before an incident opens. Longer: short absences are not reported.',
        }),
        lookingAway: seconds(3).meta({
          title: 'Looking away, seconds',
          description: 'Time of looking away before an incident opens. Longer: a glance aside is not reported.',
        }),
        cameraCovered: seconds(3).meta({
          title: 'Covered camera, seconds',
          description: 'Time with a dark or uniform image before an incident opens.',
        }),
        frozenVideo: seconds(10).meta({
          title: 'Frozen video, seconds',
          description: 'Time with an unchanging image before an incident opens.',
        }),
        noFrame: seconds(10).meta({
          title: 'No images, seconds',
          description: 'Time of a connected client without images before an incident opens.',
        }),
      })
      .prefault({}),
    multipleFaces: z
      .object({
        frames: z.int().min(1).max(60).default(2).meta({
          title: 'Several people, images',
          description:
            'Analysed images with a second face before an incident opens. An image without one takes back half an image.',
        }),
        minHeightRatio: z.number().min(0).max(1).default(0.3).meta({
          title: 'Several people, size of the second face',
          description:
            'Minimum height of the second face as a part of the first. Higher: people further behind, and faces on posters, are not reported.',
        }),
      })
      .prefault({}),
    pose: z
      .object({
        yaw: degrees(25).meta({
          title: 'Head turned aside, degrees',
          description: 'Turn to either side, from the calibrated direction, that counts as looking away.',
        }),
        pitchUp: degrees(25).meta({
          title: 'Head raised, degrees',
          description: 'Turn upwards, from the calibrated direction, that counts as looking away.',
        }),
        pitchDown: degrees(-20).meta({
          title: 'Head lowered, degrees',
          description:
            'Turn downwards (negative), from the calibrated direction, that counts as looking away. Lower it for exams on paper.',
        }),
      })
      .prefault({}),
    calibration: z
      .object({
        seconds: seconds(10).meta({
          title: 'Calibration, seconds',
          description:
            'Time at the start in which the straight direction of the student is learned. Exam time begins after it.',
        }),
        maxYaw: degrees(15).meta({
          title: 'Calibration, turn aside, degrees',
          description: 'Maximum turn of the learned direction from straight ahead, to either side.',
        }),
        maxPitch: degrees(15).meta({
          title: 'Calibration, turn up or down, degrees',
          description: 'Maximum turn of the learned direction from straight ahead, up or down.',
        }),
      })
      .prefault({}),
    gaze: z
      .object({
        enabled: z.boolean().default(true).meta({
          title: 'Analyse gaze',
          description:
            'Analyses the direction of the eyes in addition to that of the head. Off: the head alone counts.',
        }),
        yaw: degrees(30).meta({
          title: 'Eyes turned aside, degrees',
          description: 'Turn of the eyes to either side that counts as looking away.',
        }),
        pitch: degrees(25).meta({
          title: 'Eyes turned up or down, degrees',
          description: 'Turn of the eyes up or down that counts as looking away.',
        }),
        minConfidence: z.number().min(0).max(1).default(0.6).meta({
          title: 'Certainty of gaze',
          description:
            'Directions of the eyes that are less certain than this are ignored. Higher: fewer, surer incidents.',
        }),
      })
      .prefault({}),
    covered: z
      .object({
        luma: z.number().default(16).meta({
          title: 'Covered camera, brightness',
          description: 'Mean brightness, from 0 (black) to 255 (white), below which the camera counts as covered.',
        }),
        deviation: z.number().default(6).meta({
          title: 'Covered camera, contrast',
          description: 'Standard deviation of brightness, 0 to 255, below which the camera counts as covered.',
        }),
      })
      .prefault({}),
    camera: z
      .object({
        virtualNames: z.string().max(2000).regex(STORABLE_TEXT).default(VIRTUAL_CAMERAS).meta({
          title: 'Names of virtual cameras',
          description:
            'Parts of camera names, separated by commas. A camera with such a name is an event for proctors: a hint, never proof.',
        }),
      })
      .prefault({}),
    signals: z
      .object({
        ownFieldClipboard: OwnFieldClipboard.default('report').meta({
          title: "Clipboard inside the exam's fields",
          description:
            "Whether copying, cutting and pasting inside the input fields of the exam's own page is reported.",
        }),
      })
      .prefault({}),
    challenges: z
      .object({
        enabled: z.boolean().default(false).meta({
          title: 'Head turns',
          description:
            'Students are asked now and then to turn the head, which a recorded or still face does not do. Off: proctors cannot ask for it either.',
        }),
        perHour: z.number().min(0).max(12).default(2).meta({
          title: 'Head turns for each hour',
          description: 'How often students are asked, on average, at random times. 0: only when a proctor asks.',
        }),
        seconds: z.int().min(5).max(60).default(15).meta({
          title: 'Head turns, seconds',
          description: 'Time for the turn from the moment at which the student sees the request.',
        }),
      })
      .prefault({}),
    conversation: z
      .object({
        enabled: z.boolean().default(true).meta({
          title: 'Students can write to staff',
          description:
            'Students can write to the staff of the exam and raise a hand. Switch it off where nobody reads during the exam. Messages of staff come in any case.',
        }),
        staffNames: z.boolean().default(false).meta({
          title: 'Names of staff shown to students',
          description: 'Messages show who wrote them. Off: students read “staff”.',
        }),
        showWatching: z.boolean().default(false).meta({
          title: 'Students are told when somebody watches',
          description:
            'The exam page says while somebody of the staff watches the camera live. It then also says when nobody does.',
        }),
      })
      .prefault({}),
    checkIn: z
      .object({
        photo: z.boolean().default(false).meta({
          title: 'Photo of the student',
          description:
            'Students take a photo of themselves before the exam; staff look at it and admit them. No face recognition.',
        }),
        document: z.boolean().default(false).meta({
          title: 'Photo of an identity document',
          description:
            'Students take a photo of an identity document before the exam; staff look at it and admit them.',
        }),
        room: z.boolean().default(false).meta({
          title: 'Look at the room',
          description:
            'Students show their room for 20 seconds before the exam; at most 12 images, kept as long as incident images of the session. Where those are not kept: as long as the photos.',
        }),
        keepDays: z.int().min(1).max(90).default(7).meta({
          title: 'Photo and document kept, days',
          description: 'Days after the decision of staff until the photo and the document are erased.',
        }),
      })
      .prefault({}),
    studentView: StudentView.default('events').meta({
      title: 'Record shown to students',
      description:
        "Parts of the record on the student's page during the exam: events; events and score; or none. All of it is in their record after it.",
    }),
    release: z
      .object({
        secondPerson: z.boolean().default(false).meta({
          title: 'A second person releases verdicts',
          description:
            'Whoever gave a verdict does not release it to the student. Whoever ended the session never releases it, whatever this setting.',
        }),
        pictures: z.boolean().default(true).meta({
          title: 'Students see the images that decided',
          description:
            'With a released verdict, students see the images of the events that it names, as long as they are kept.',
        }),
        staffNames: z.boolean().default(false).meta({
          title: 'Students see the names of staff',
          description: 'With a released verdict and the outcome of an appeal, students see who gave them.',
        }),
        answerDays: PeriodDays.default(14).meta({
          title: 'Time for an answer, days',
          description: 'Days from the release in which the student may answer the verdict, once. 0: no answer.',
        }),
        appealDays: PeriodDays.default(14).meta({
          title: 'Time for an appeal, days',
          description:
            'Days from the release in which the student may appeal, once. While an appeal is open, nothing of the session is deleted. 0: no appeal.',
        }),
        decideDays: z.int().min(1).max(365).default(14).meta({
          title: 'Time for staff to decide, days',
          description:
            'Days until a verdict that was not released, or an appeal without an outcome, is listed as overdue. Nothing else happens then.',
        }),
      })
      .prefault({}),
    retentionDays: RetentionDays.default(180).meta({
      title: 'Sessions kept, days',
      description: 'Days after the end of a session until it is deleted with everything recorded in it.',
    }),
    evidence: z
      .object({
        keep: z.boolean().default(true).meta({
          title: 'Keep incident images',
          description: 'Keeps encrypted images of incidents: the opening, the strongest and the last one.',
        }),
        startPicture: z.boolean().default(false).meta({
          title: 'Keep an image of the start',
          description:
            'Keeps one encrypted image of each student after the calibration, so that a proctor can compare the face with it later. No face recognition. Only where incident images are kept.',
        }),
        retentionDays: RetentionDays.optional().meta({
          title: 'Incident images kept, days',
          description: 'Days after the end of the session. Empty: as long as the session itself.',
        }),
      })
      .prefault({}),
  })
  .refine(({ evidence, retentionDays }) => (evidence.retentionDays ?? 0) <= retentionDays, {
    path: ['evidence', 'retentionDays'],
    message: 'must not be longer than retentionDays',
  });
export type Policy = z.infer<typeof Policy>;
/** Policy as written by the author of an exam; every field has a default. */
export type PolicyInput = z.input<typeof Policy>;

/** Days after the end of a session that its incident pictures are kept; null if the policy keeps none. */
export const evidenceDays = ({ evidence, retentionDays }: Policy): number | null =>
  evidence.keep ? (evidence.retentionDays ?? retentionDays) : null;

/** Parts of names of virtual cameras, in lower case; the defaults for sessions of older policies. */
export function virtualNames({ camera }: { readonly camera?: Policy['camera'] }): string[] {
  return (camera?.virtualNames ?? VIRTUAL_CAMERAS)
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

/** Settings of head turns; off for sessions of older policies. */
export const challengesOf = ({ challenges }: { readonly challenges?: Policy['challenges'] }): Policy['challenges'] =>
  challenges ?? { enabled: false, perHour: 0, seconds: 15 };

/** Settings of the conversation; the defaults for sessions of older policies. */
export const conversationOf = ({
  conversation,
}: {
  readonly conversation?: Policy['conversation'];
}): Policy['conversation'] => conversation ?? { enabled: true, staffNames: false, showWatching: false };

const NO_CHECK_IN: Policy['checkIn'] = { photo: false, document: false, room: false, keepDays: 7 };

/** Settings of the check-in; none for older policies. */
export const checkInOf = ({ checkIn }: { readonly checkIn?: Policy['checkIn'] }): Policy['checkIn'] =>
  checkIn ?? NO_CHECK_IN;

/** Whether an attempt can start only after staff have admitted the student. */
export function asksCheckIn(policy: { readonly checkIn?: Policy['checkIn'] }): boolean {
  const { photo, document, room } = checkInOf(policy);
  return photo || document || room;
}

const RELEASE: Policy['release'] = {
  secondPerson: false,
  pictures: true,
  staffNames: false,
  answerDays: 14,
  appealDays: 14,
  decideDays: 14,
};

/** Settings of release and appeal; the defaults for sessions of older policies. */
export const releaseOf = ({ release }: { readonly release?: Policy['release'] }): Policy['release'] =>
  release ?? RELEASE;

/** Whether a picture of the start is kept. */
export const keepsStartPicture = ({ evidence }: Policy): boolean =>
  evidence.keep && (evidence as Partial<typeof evidence>).startPicture === true;
