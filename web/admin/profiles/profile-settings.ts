import {
  CHALLENGE_EVENTS,
  INCIDENTS,
  type IncidentType,
  PROCTOR_EVENTS,
  SERVER_EVENTS,
  SIGNALS,
} from '../../../protocol/event-types.ts';
import type { AccommodationProfile, PolicyProfile } from '../../../protocol/http/profiles.ts';
import type { PolicySetting } from '../../../protocol/policy-settings.ts';
import type { Api } from '../../shared/api.ts';
import { eventTitle } from '../../shared/event-name.ts';
import { t } from '../messages.ts';
import type { ProfileKind } from '../route.ts';
import { policySettingsOf, type Setting, type SettingGroup, valueOf, weightsIn } from './setting.ts';

/** A profile of either kind. */
export type Profile = PolicyProfile | AccommodationProfile;

export const pathOf = (kind: ProfileKind): string => `/api/${kind}-profiles`;
/** Field of a profile's content in bodies and answers. */
export const fieldOf = (kind: ProfileKind) => (kind === 'policy' ? 'policy' : 'terms');
export const contentOfProfile = (profile: Profile): object => ('policy' in profile ? profile.policy : profile.terms);

/** Texts of policies; accommodations have theirs in the catalogue. */
export const readDescriptions = async (api: Api, kind: ProfileKind): Promise<readonly PolicySetting[]> =>
  kind === 'policy' ? (await api.get<{ items: PolicySetting[] }>('/api/policy-settings')).items : [];

/** First fields of the settings of a group. */
const POLICY_GROUPS = {
  incidents: ['holds', 'multipleFaces'],
  direction: ['pose', 'calibration', 'gaze'],
  camera: ['covered', 'camera'],
  signals: ['signals'],
  challenges: ['challenges'],
  checkIn: ['checkIn'],
  conversation: ['conversation'],
  pictures: ['frames'],
  score: ['levels', 'halfLifeSeconds', 'unknownWeight', 'weights'],
  privacy: ['studentView', 'retentionDays', 'evidence'],
  release: ['release'],
  attention: ['attention'],
} as const;

/** Groups that most policies touch; the others are folded, for experts. */
const OPEN: readonly string[] = ['incidents', 'privacy'];

/** What the server records about students that can be a matter of points. */
const HINTS: ReadonlySet<string> = new Set([
  'CLIENT_STATE_MISSING',
  'UNREPORTED_ABSENCE',
  'VIRTUAL_CAMERA_NAME',
  'DEVICE_CHANGED',
  'NETWORK_CHANGED',
  'CONNECTION_UNSTABLE',
  'CHALLENGE_FAILED',
]);
/** Acts of staff, the connection, ends of absences, requests that were met: they never weigh. */
const WEIGHTLESS: ReadonlySet<string> = new Set(
  [...PROCTOR_EVENTS, ...SERVER_EVENTS, ...CHALLENGE_EVENTS, 'RETURNED_TO_EXAM'].filter((type) => !HINTS.has(type)),
);

/** Whether points are offered: also for a type that an earlier policy gave some. */
const isOffered = (setting: Setting, content: unknown): boolean => {
  const isPoints = setting.keys.includes('weights') || setting.keys.includes('perMinute');
  return !isPoints || !WEIGHTLESS.has(setting.keys.at(-1)!) || Boolean(valueOf(setting, content));
};

const POLICY_ORDER = Object.keys(POLICY_GROUPS) as readonly (keyof typeof POLICY_GROUPS)[];

/** Pure but for texts: the settings of a profile by subject. */
export function groupsOf(
  kind: ProfileKind,
  described: readonly PolicySetting[],
  content: unknown,
): readonly SettingGroup[] {
  if (kind === 'accommodation') return accommodationGroups(content);
  const settings = policySettingsOf(described, content, SIGNALS, weightTextsOf).filter((setting) =>
    isOffered(setting, content),
  );
  const groups = POLICY_ORDER.map((name) => {
    const firsts: readonly string[] = POLICY_GROUPS[name];
    return {
      ...t.profiles.policyGroups[name],
      folded: !OPEN.includes(name),
      settings: settings.filter(({ keys }) => firsts.includes(keys[0]!)),
    };
  });
  const known = new Set(groups.flatMap((group) => group.settings));
  const others = settings.filter((setting) => !known.has(setting));
  return others.length === 0 ? groups : [...groups, { ...t.profiles.otherGroup, settings: others }];
}

/** Texts of the weights that this version knows; of others, the server's. */
function weightTextsOf(type: string, path: string): Partial<Pick<Setting, 'title' | 'description' | 'none'>> {
  const none = t.profiles.attention.none;
  if (path === 'attention.weights') return { title: t.profiles.attention.points(eventTitle({ type })), none };
  if (path === 'attention.perMinute') return { title: t.profiles.attention.perMinute(eventTitle({ type })), none };
  if (path === 'weights') return { ...weightTexts(type), none: t.profiles.unknownWeight };
  return {};
}

const weightTexts = (type: string) => ({
  title: t.profiles.terms.weight(eventTitle({ type })),
  description: t.profiles.terms.weightHint,
});

export const settingsIn = (groups: readonly SettingGroup[]): Setting[] => groups.flatMap(({ settings }) => settings);

const HOLDS: Readonly<Record<string, IncidentType>> = {
  noFace: 'NO_FACE',
  lookingAway: 'LOOKING_AWAY',
  cameraCovered: 'CAMERA_COVERED',
  frozenVideo: 'FROZEN_VIDEO',
  noFrame: 'NO_FRAME_RECEIVED',
};
const DAY_MINUTES = 24 * 60;

function accommodationGroups(content: unknown): readonly SettingGroup[] {
  const texts = t.profiles.terms;
  const free = { default: null, minimum: null, maximum: null, values: [], optional: false };
  const whole = (key: keyof typeof texts.settings, maximum: number): Setting => ({
    ...free,
    ...texts.settings[key],
    keys: [key],
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum,
  });
  const holds = Object.entries(HOLDS).map(([name, type]): Setting => ({
    ...free,
    keys: ['detection', 'holds', name],
    title: texts.hold(eventTitle({ type })),
    description: texts.holdHint,
    none: t.profiles.asInPolicy,
    type: 'number',
    minimum: 0,
    maximum: 3600,
  }));
  const weights = weightsIn(['detection', 'weights'], [...INCIDENTS, ...SIGNALS], content, (type) => ({
    ...weightTexts(type),
    none: t.profiles.asInPolicy,
    default: null,
    minimum: 0,
    maximum: 100,
  }));
  return [
    {
      ...texts.groups.time,
      settings: [whole('extraMinutes', DAY_MINUTES), whole('extraPercent', 400), whole('breakMinutes', DAY_MINUTES)],
    },
    {
      ...texts.groups.proctors,
      settings: [
        { ...free, ...texts.settings.headCovering, keys: ['headCovering'], type: 'boolean', default: false },
        { ...free, ...texts.settings.note, keys: ['note'], type: 'text' },
      ],
    },
    {
      ...texts.groups.detection,
      settings: [
        {
          ...free,
          ...texts.settings.gaze,
          keys: ['detection', 'gaze'],
          type: 'boolean',
          default: true,
          optional: true,
        },
        {
          ...free,
          ...texts.settings.challenges,
          keys: ['detection', 'challenges'],
          type: 'boolean',
          default: true,
          optional: true,
        },
        ...holds,
        ...weights,
      ],
    },
  ];
}
