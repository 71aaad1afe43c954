import type { SessionAccommodations } from './accommodations.ts';
import type { IncidentType } from './event-types.ts';
import type { Policy } from './policy.ts';

/** What the accommodations of a session change about its detection, of the enrolment and of the profile together. */
export interface AppliedDetection {
  readonly gazeOff: boolean;
  readonly turnsOff: boolean;
  /** Incidents that open after another time than others' do, s. */
  readonly holds: readonly { readonly type: IncidentType; readonly seconds: number }[];
  readonly weights: readonly { readonly type: string; readonly weight: number }[];
}

const HELD: Readonly<Record<keyof Policy['holds'], IncidentType>> = {
  noFace: 'NO_FACE',
  lookingAway: 'LOOKING_AWAY',
  cameraCovered: 'CAMERA_COVERED',
  frozenVideo: 'FROZEN_VIDEO',
  noFrame: 'NO_FRAME_RECEIVED',
};

/** Pure: of two holds the longer one, of two weights the lower one, as the server applies them. */
export function appliedDetection({
  detection,
  profile,
}: Pick<SessionAccommodations, 'detection' | 'profile'>): AppliedDetection {
  const all = [detection, ...(profile ? [profile.detection] : [])];
  const types = new Set(all.flatMap(({ weights = {} }) => Object.keys(weights)));
  return {
    gazeOff: all.some(({ gaze }) => gaze === false),
    turnsOff: all.some(({ challenges }) => challenges === false),
    holds: Object.entries(HELD).flatMap(([name, type]) => {
      const given = all.flatMap(({ holds }) => holds?.[name as keyof Policy['holds']] ?? []);
      return given.length > 0 ? [{ type, seconds: Math.max(...given) }] : [];
    }),
    weights: [...types].map((type) => ({
      type,
      weight: Math.min(...all.flatMap(({ weights }) => weights?.[type] ?? [])),
    })),
  };
}
