import { CHECK_IN_PICTURES, type CheckInPictureKind } from '../../../protocol/check-in-bounds.ts';
import type { MyCheckIn } from '../../../protocol/http/check-in.ts';

type Wants = NonNullable<MyCheckIn['wants']>;
type Open = NonNullable<MyCheckIn['checkIn']>;

/**
 * `wanted`: not there yet; `again`: staff ask for another one; `there`: sent; `unable`: the student goes on without it.
 */
export type StepState = 'wanted' | 'again' | 'there' | 'unable';

export interface Step {
  readonly kind: CheckInPictureKind;
  readonly state: StepState;
}

/** Pure: the steps that the policy asks for, in their order. @param unable steps that the student cannot take */
export function stepsOf(
  wants: Wants,
  { missing, retake }: Pick<Open, 'missing' | 'retake'>,
  unable: ReadonlySet<CheckInPictureKind>,
): readonly Step[] {
  return CHECK_IN_PICTURES.filter((kind) => wants[kind]).map((kind) => {
    const open = retake.includes(kind) ? 'again' : missing.includes(kind) ? 'wanted' : 'there';
    return { kind, state: open !== 'there' && unable.has(kind) ? 'unable' : open };
  });
}

/** Pure: the step to take next; undefined after the last. */
export const nextStep = (steps: readonly Step[]): CheckInPictureKind | undefined =>
  steps.find(({ state }) => state === 'wanted' || state === 'again')?.kind;

/** Pure: steps that staff will find missing or unchanged. */
export const leftOut = (steps: readonly Step[]): readonly CheckInPictureKind[] =>
  steps.filter(({ state }) => state !== 'there').map(({ kind }) => kind);
