import type { ClipName } from './draw/clips.ts';

/** JPEG pictures of every behaviour, shared by all students of a run. */
export interface FrameSource {
  /** In words, for the report. */
  readonly about: string;
  /** Mean size, bytes. */
  readonly meanBytes: number;
  /** Frame number `n` of what student number `student` shows. */
  frame(student: number, clip: ClipName, n: number): Uint8Array;
}

export type ClipSet = Readonly<Partial<Record<ClipName, readonly Uint8Array[]>>>;

/** Students share sets, each beginning at another frame of its clips. @throws Error when a set has no frames at all */
export function sourceOf(about: string, sets: readonly ClipSet[]): FrameSource {
  const all = sets.flatMap((set) => Object.values(set).flat());
  if (sets.length === 0 || sets.some((set) => !set.attentive?.length)) throw new Error('every student needs frames of somebody attentive');
  return {
    about,
    meanBytes: Math.round(all.reduce((total, jpeg) => total + jpeg.byteLength, 0) / all.length),
    frame(student, clip, n) {
      const set = sets[student % sets.length]!;
      const frames = set[clip]?.length ? set[clip] : set.attentive!;
      const phase = Math.floor(student / sets.length) * 3;
      return frames[(n + phase) % frames.length]!;
    },
  };
}
