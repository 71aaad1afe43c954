import type { CheckHint } from '../../protocol/http/system-check.ts';

/** Result of checking one image. */
export type Look =
  | { readonly kind: 'seen'; readonly faces: number; readonly hints: readonly CheckHint[] }
  /** Exams have priority, or the address has sent too many requests. */
  | { readonly kind: 'busy'; readonly retryInMs: number }
  /** The server has no models, or analysis is switched off. */
  | { readonly kind: 'off' }
  /** No response, or an invalid one. */
  | { readonly kind: 'unanswered' };

export interface LiveCheck {
  readonly latest: Look | undefined;
  /** Images without a face since the last one with a face; undefined before the first face. */
  readonly missed: number | undefined;
  /** Start of the current run of analysed images without a face, ms. */
  readonly facelessSince: number | undefined;
  /** Start of the current run of images that were not analysed, ms. */
  readonly blindSince: number | undefined;
}

export const NOT_LOOKED_YET: LiveCheck = {
  latest: undefined,
  missed: undefined,
  facelessSince: undefined,
  blindSince: undefined,
};

/** Fewer images in a row without a face than this do not close the gate: the student may be turning to the button. */
const FORGIVEN = 3;
/** After this long without any analysis the student may begin, ms. */
const BLIND_MS = 15_000;
/** After this long without a detected face the student may begin: detection can be wrong, ms. */
const FACELESS_MS = 60_000;

/** Pure. @param now monotonic, ms */
export function noteLook(check: LiveCheck, look: Look, now: number): LiveCheck {
  if (look.kind !== 'seen') {
    // A retry that is further away than the maximum wait counts as having waited.
    const since = look.kind === 'busy' && look.retryInMs >= BLIND_MS ? now - BLIND_MS : now;
    return { ...check, latest: look, blindSince: Math.min(check.blindSince ?? since, since) };
  }
  if (look.faces > 0) return { latest: look, missed: 0, facelessSince: undefined, blindSince: undefined };
  const missed = check.missed === undefined ? undefined : check.missed + 1;
  return { latest: look, missed, facelessSince: check.facelessSince ?? now, blindSince: undefined };
}

/**
 * Whether the exam may begin, and the reason:
 * - `face` a face is detected
 * - `off`, `busy`, `unanswered` the server has not analysed any image, which must not keep a student from the exam
 * - `unseen` no face was detected for a minute; detection can be wrong, and people decide
 */
export type Gate =
  { readonly open: false } | { readonly open: true; readonly why: 'face' | 'off' | 'busy' | 'unanswered' | 'unseen' };

export function gateOf({ latest, missed, facelessSince, blindSince }: LiveCheck, now: number): Gate {
  if (latest?.kind === 'off') return { open: true, why: 'off' };
  if (missed !== undefined && missed < FORGIVEN) return { open: true, why: 'face' };
  if (latest && latest.kind !== 'seen' && blindSince !== undefined && now - blindSince >= BLIND_MS)
    return { open: true, why: latest.kind };
  if (facelessSince !== undefined && now - facelessSince >= FACELESS_MS) return { open: true, why: 'unseen' };
  return { open: false };
}

/** Wait before the next image, ms: short while there are hints, long when the image is good. */
export function nextLookMs(look: Look | undefined): number {
  if (look?.kind === 'busy') return Math.min(look.retryInMs, 60_000);
  if (look?.kind === 'off') return 10_000;
  if (look?.kind === 'unanswered') return 3000;
  return look?.kind === 'seen' && look.hints.length === 0 ? 4000 : 1000;
}
