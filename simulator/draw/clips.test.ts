import { describe, expect, it } from 'vitest';
import { CLIP_NAMES, clips } from './clips.ts';
import { createScene } from './scene.ts';

describe('clips', () => {
  const set = clips(createScene(4));

  it.each(CLIP_NAMES)('%s: eight frames, no two alike', (name) => {
    const frames = set[name];
    expect(frames).toHaveLength(8);
    expect(new Set(frames.map((frame) => frame.toString('base64'))).size).toBe(8);
  });

  it('a clip is drawn once per scene', () => {
    const scene = createScene(4);
    expect(clips(scene).empty).toBe(clips(scene).empty);
    expect(clips(scene).empty[0]!.equals(set.empty[0]!)).toBe(true);
  });
});
