import type { ClipName } from './draw/clips.ts';

/** JPEG images of every behaviour, shared by all students of a run. */
export interface FrameSource {
  /** Description for the report. */
  readonly about: string;
  /** Mean size, bytes. */
  readonly meanBytes: number;
  /** Frame `n` of student `student`. */
  frame(student: number, clip: ClipName, n: number): Uint8Array;
  /** Draws a clip that no script shows, on first use; undefined for pictures that are not drawn. */
  readonly draw?: ((student: number, clip: ClipName) => Promise<void>) | undefined;
}

export type ClipSet = Readonly<Partial<Record<ClipName, readonly Uint8Array[]>>>;

/**
 * Students share sets, each starting at a different frame of its clips. A clip missing in a set is replaced by
 * `attentive`.
 */
export function sourceOf(about: string, sets: readonly ClipSet[], draw?: FrameSource['draw']): FrameSource {
  return {
    about,
    draw,
    get meanBytes() {
      const all = sets.flatMap((set) => Object.values(set).flat());
      return Math.round(all.reduce((total, jpeg) => total + jpeg.byteLength, 0) / all.length);
    },
    frame(student, clip, n) {
      const set = sets[student % sets.length];
      const frames = set?.[clip]?.length ? set[clip] : set?.attentive;
      const phase = Math.floor(student / sets.length) * 3;
      const jpeg = frames?.[(n + phase) % frames.length];
      if (!jpeg) throw new Error(`no frames for student ${student + 1}`);
      return jpeg;
    },
  };
}
