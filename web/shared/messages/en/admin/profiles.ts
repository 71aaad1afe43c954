import { plural } from '../../numbers.ts';

/** Policy profiles and accommodation profiles. */
export const profiles = {
  title: 'Profiles',
  kindsLabel: 'Kinds of profiles',
  kinds: { policy: 'Policies', accommodation: 'Accommodations' },
  about: {
    policy:
      'A policy states what counts as an incident, how much it weighs and how long records are kept. An exam takes a copy of a profile.',
    accommodation:
      'Accommodations of students: extra time, breaks, and less detection. A profile is chosen where a student is enrolled, and proctors see it.',
  },
  effect: {
    policy:
      'Exams keep the version that they took. On the page of an exam, a newer version can be taken over. Values in bold differ from their default.',
    accommodation:
      'Sessions that start later have the newest version; running ones keep theirs. Values in bold differ from their default.',
  },
  editNote: {
    policy: 'Saving makes a new version. Exams keep theirs until you take the new one over on their page.',
    accommodation:
      'Saving makes a new version, which applies to every session that starts from then on. Running sessions keep theirs.',
  },
  make: 'New profile',
  newTitle: { policy: 'New policy profile', accommodation: 'New accommodation profile' },
  create: 'Create profile',
  name: 'Name',
  summary: 'In short',
  version: 'Version',
  versionNumber: (version: string) => `Version ${version}`,
  changed: 'Changed',
  showArchived: 'Show archived profiles',
  archived: 'Archived',
  archivedNote: 'An archived profile cannot be edited. Restore it first.',
  none: {
    policy: 'No policy profiles yet. Exams without one have the defaults.',
    accommodation: 'No accommodation profiles yet.',
  },
  noneArchived: 'No archived profiles.',
  allDefaults: 'All settings have their defaults',
  differ: { one: '# setting differs from its default', other: '# settings differ from their defaults' },
  tabsLabel: 'Pages of this profile',
  tabs: { settings: 'Settings', edit: 'Edit', versions: 'Versions' },
  setting: 'Setting',
  value: 'Value',
  default: 'Default',
  defaultIs: (value: string) => `Default: ${value}.`,
  range: (from: string, to: string) => `From ${from} to ${to}.`,
  on: 'on',
  off: 'off',
  noValue: 'none',
  asInPolicy: 'as in the policy',
  unknownWeight: 'weight of unknown events',
  choices: {
    events: 'events',
    score: 'events and score',
    none: 'nothing',
    report: 'reported',
    ignore: 'not reported',
  } as Readonly<Record<string, string>>,
  saveAs: (version: string) => `Save as version ${version}`,
  fieldFault: (title: string, message: string) => `${title}: ${message}`,
  faults: {
    twoExtras: 'Give the extra time in minutes or in per cent, not both.',
    picturesOutliveSession: 'Incident images cannot be kept longer than their session.',
  },
  conflict: (version: string) => `Somebody else saved version ${version}`,
  conflictHint: (time: string) =>
    `It was saved while you were editing, on ${time}. Your values are still in the form above. These are the changes that you have not seen:`,
  saveMine: (version: string) => `Save my values as version ${version}`,
  takeTheirs: 'Discard my values and load theirs',
  savedBy: 'Saved by',
  savedAt: 'Saved',
  showChanges: 'Show changes',
  changesOf: (version: string) => `Show changes of version ${version}`,
  differences: 'Differences',
  differencesOf: (from: string, to: string) => `Differences between version ${from} and version ${to}`,
  same: (from: string, to: string) => `Versions ${from} and ${to} have the same settings.`,
  from: 'From',
  to: 'To',
  copy: 'Copy',
  archive: 'Archive',
  restore: 'Restore',
  delete: 'Delete',
  archiveHint: 'An archived profile is no longer offered. Exams and students who have it keep it.',
  restoreHint: 'A restored profile is offered again.',
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteHint: 'It is deleted with all its versions. Sessions keep their copies. A profile in use cannot be deleted.',

  policyGroups: {
    incidents: {
      title: 'Incidents',
      hint: 'Time or images after which something becomes an incident. Longer times report less.',
    },
    direction: { title: 'Direction of head and eyes', hint: 'Directions that count as looking away.' },
    camera: { title: 'Camera', hint: 'Images that count as covered, and names of virtual cameras.' },
    signals: { title: 'Signals', hint: 'Signals of the browser that are reported.' },
    challenges: {
      title: 'Head turns',
      hint: 'Requests to turn the head, which a recording does not follow. Off by default; accommodations switch them off for single students.',
    },
    checkIn: {
      title: 'Check-in',
      hint: 'What students show to staff before they can start. Off by default; a check-in is required if anything is on. Only people look at it.',
    },
    conversation: {
      title: 'Messages',
      hint: 'Whether students can write to staff, and what they are told about staff.',
    },
    pictures: {
      title: 'Images',
      hint: 'Number, size and quality of images. More need more upload and processor time.',
    },
    score: {
      title: 'Score',
      hint: 'Points of events, and the levels that a score leads to. 0 points: recorded only. Empty: the default.',
    },
    attention: {
      title: 'Attention',
      hint: 'Order in which staff look at sessions: calm, watch or high. It changes no score. The defaults suit most exams.',
    },
    release: {
      title: 'Verdicts',
      hint: 'Who releases a verdict, what the student sees of it, and the days for answer and appeal.',
    },
    privacy: { title: 'Records and privacy', hint: 'Parts that students see, and days until deletion.' },
  },
  attention: {
    points: (event: string) => `Attention points: ${event}`,
    perMinute: (event: string) => `Attention points per minute: ${event}`,
    none: 'no points',
  },
  folded: (title: string, count: number) =>
    plural(count, { one: `${title}: # setting`, other: `${title}: # settings` }),
  foldedUsual: (title: string, count: number) =>
    plural(count, {
      one: `${title}: # setting, as by default`,
      other: `${title}: # settings, all as by default`,
    }),
  find: 'Find a setting',
  found: (count: string) => `Settings found: ${count}`,
  otherGroup: { title: 'Others', hint: 'Settings of a newer server.' },

  terms: {
    groups: {
      time: { title: 'Time', hint: 'Added to the time limit of the exam and to its end.' },
      proctors: {
        title: 'For proctors',
        hint: 'Shown beside the student on the wall, in the session, review and report.',
      },
      detection: {
        title: 'Detection',
        hint: 'Applied where it favours the student over the policy of the exam: longer times, fewer points. Empty: as in the policy.',
      },
    },
    settings: {
      extraMinutes: {
        title: 'Extra time, minutes',
        description: 'The same number of minutes in every exam.',
      },
      extraPercent: {
        title: 'Extra time, per cent',
        description: 'Of the time limit, or of the time from start to end of an exam without one.',
      },
      breakMinutes: {
        title: 'Breaks, minutes',
        description: 'In total. Proctors see it; the server neither counts nor adds it.',
      },
      headCovering: {
        title: 'Wears a head covering',
        description: 'Proctors read that it is not an incident.',
      },
      note: {
        title: 'Note for proctors',
        description:
          'What they have to know or do. No diagnosis. Students do not see it. At most 500 characters; letters with accents count twice.',
      },
      gaze: {
        title: 'Analyse gaze',
        description:
          'Off: the direction of the eyes is not analysed, for example for students who squint. Head turns are then asked for by proctors only.',
      },
      challenges: {
        title: 'Ask for head turns',
        description: 'Off: this student is never asked to turn the head. On: as in the policy of the exam.',
      },
    },
    hold: (incident: string) => `${incident}, seconds`,
    holdHint: 'Time before an incident opens.',
    weight: (event: string) => `${event}, points`,
    weightHint: 'Points of the event.',
    short: {
      extra: (duration: string) => `${duration} extra`,
      percent: (percent: string) => `${percent} % extra`,
      breaks: (duration: string) => `breaks ${duration}`,
      headCovering: 'head covering',
      gaze: 'gaze off',
      challenges: 'no head turns',
      detection: 'less detection',
      note: 'note for proctors',
      none: 'No accommodations',
    },
  },
};
