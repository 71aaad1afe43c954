import type { CheckHint } from '../../protocol/http/system-check.ts';

/** What became of one picture. */
export type Look =
  | { readonly kind: 'seen'; readonly faces: number; readonly hints: readonly CheckHint[] }
  /** Exams are looked at first, or too many ask from one address. */
  | { readonly kind: 'busy'; readonly retryInMs: number }
  /** The server has no models, or they are switched off. */
  | { readonly kind: 'off' }
  /** No answer, or none of use. */
  | { readonly kind: 'unanswered' };

export interface LiveCheck {
  readonly latest: Look | undefined;
  /** Pictures without a face since the last one that had one; undefined: no face so far. */
  readonly missed: number | undefined;
  /** Since when pictures have been looked at and no face was in them, ms. */
  readonly facelessSince: number | undefined;
  /** Since when no picture has been looked at, ms. */
  readonly blindSince: number | undefined;
}

export const NOT_LOOKED_YET: LiveCheck = {
  latest: undefined,
  missed: undefined,
  facelessSince: undefined,
  blindSince: undefined,
};

/** A face that is missed once or twice, for example while it turns to the button, is still there. */
const FORGIVEN = 3;
/** So long may the server look at nothing before that is no reason to wait any more, ms. */
const BLIND_MS = 15_000;
/** So long may a face not be seen before the student's word counts for more than the models', ms. */
const FACELESS_MS = 60_000;

/** Pure. @param now ms on a clock that does not jump */
export function noteLook(check: LiveCheck, look: Look, now: number): LiveCheck {
  if (look.kind !== 'seen') {
    // Told to come again after longer than anybody waits: as good as having waited.
    const since = look.kind === 'busy' && look.retryInMs >= BLIND_MS ? now - BLIND_MS : now;
    return { ...check, latest: look, blindSince: Math.min(check.blindSince ?? since, since) };
  }
  if (look.faces > 0) return { latest: look, missed: 0, facelessSince: undefined, blindSince: undefined };
  const missed = check.missed === undefined ? undefined : check.missed + 1;
  return { latest: look, missed, facelessSince: check.facelessSince ?? now, blindSince: undefined };
}

/**
 * Whether the exam may begin, and why although nobody was seen:
 * - `face` one is seen
 * - `off`, `busy`, `unanswered` the server has not looked: nobody is kept from an exam by that
 * - `unseen` the models see no face for a minute; they may be wrong, and people decide
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

/** How long to wait before the next picture, ms: quickly while something is to be mended, rarely when all is well. */
export function nextLookMs(look: Look | undefined): number {
  if (look?.kind === 'busy') return Math.min(look.retryInMs, 60_000);
  if (look?.kind === 'off') return 10_000;
  if (look?.kind === 'unanswered') return 3000;
  return look?.kind === 'seen' && look.hints.length === 0 ? 4000 : 1000;
}
