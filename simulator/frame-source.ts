import { type Drawing, drawScenes } from './drawn-frames.ts';
import { framesFromFolder } from './folder-frames.ts';
import { clipsShown } from './scripts.ts';

export interface FrameChoice {
  /** Folder of JPEG files; undefined: draw. */
  readonly frames?: string | undefined;
  readonly scenes: number;
  readonly students: number;
  readonly script?: string | undefined;
}

/** Frames from the folder if given, drawn otherwise; a measurement waits for `complete`. */
export function openFrames(choice: FrameChoice, print: (line: string) => void): Drawing {
  const drawing = choice.frames ? fromFolder(choice.frames, print) : draw(choice, print);
  // A caller may wait for only one of the two promises.
  drawing.usable.catch(() => {});
  drawing.complete.catch(() => {});
  return drawing;
}

function fromFolder(folder: string, print: (line: string) => void): Drawing {
  const complete = framesFromFolder(folder, print);
  return { usable: complete, complete };
}

function draw({ scenes, students, script }: FrameChoice, print: (line: string) => void): Drawing {
  const began = performance.now();
  let told = began;
  return drawScenes(scenes, clipsShown(students, script), (drawn, of) => {
    const now = performance.now();
    if (drawn === of) print(`${scenes} scenes drawn in ${((now - began) / 1000).toFixed(1)} s`);
    else if (now - told > 2000) print(`drawing: ${drawn} of ${of} clips`);
    else return;
    told = now;
  });
}
