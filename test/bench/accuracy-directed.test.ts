import { describe, expect, it } from 'vitest';
import { JpegDecoder } from '../../models/decode.ts';
import { detection, face, pose } from '../../simulator/fixtures/detections.ts';
import { labelled, packRecord } from '../../bench/accuracy/fixtures/pack.ts';
import { drawFrame } from '../../simulator/draw/frame.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { directedFrames, type DirectedLook, directedSection } from '../../bench/accuracy/directed.ts';
import { SIDES } from '../../bench/accuracy/pairs.ts';
import { isGrey, keep } from '../../bench/accuracy/pixels.ts';

const decoder = new JpegDecoder(SIDES);

describe('directedFrames', () => {
  const scene = createScene(4);
  const image = keep(decoder.decode(drawFrame(scene, { people: [], frame: 0 })));
  const yaw = (degrees: number) => labelled([240, 140, 160, 200], { pose: { yaw: degrees, pitch: 0, roll: 0 } });

  it('makes a small grey image with and without sunglasses, reproducible by seed', () => {
    const record = packRecord({ faces: [yaw(-40)] });
    const frames = directedFrames(record, image, 5);
    expect(frames.map(({ sunglasses, yaw: turned }) => [sunglasses, turned])).toEqual([
      [false, -40],
      [true, -40],
    ]);
    for (const { jpeg, box } of frames) {
      const small = decoder.decode(jpeg);
      expect([small.width, small.height]).toEqual([128, 120]);
      expect(isGrey(small)).toBe(true);
      expect(box.map((pixels) => Math.round(pixels * 10) / 10)).toEqual([42, 32.5, 44, 55]);
    }
    expect(frames[0]!.jpeg).not.toEqual(frames[1]!.jpeg);
    expect(directedFrames(record, image, 5)).toEqual(frames);
    expect(directedFrames(record, image, 6)[1]!.jpeg).not.toEqual(frames[1]!.jpeg);
  });

  it('selects frontal or clearly turned faces with certain labels that are large enough to downscale', () => {
    const faces = [
      yaw(15),
      yaw(70),
      { ...yaw(0), mesh_score: 0.7 },
      { ...yaw(0), ignore: true },
      labelled([0, 0, 40, 50]),
    ];
    expect(directedFrames(packRecord({ faces }), image, 1)).toEqual([]);
  });
});

describe('directedSection', () => {
  // Detection of face() in the test support: 160 x 200 pixels around (320, 240).
  const look = (yaw: number, read: number | undefined, sunglasses = false): DirectedLook => ({
    frame: { box: [240, 140, 160, 200], yaw, sunglasses },
    detection: read === undefined ? detection({ faces: [face(200, 0.9, 20)] }) : detection({ pose: pose(read) }),
  });
  const value = (looks: readonly DirectedLook[], name: string) =>
    directedSection(looks).measures.find((measure) => measure.name === name)!.value;
  const looks = [
    look(0, 3),
    look(5, 4),
    look(-5, 30),
    look(40, 25),
    look(-40, -10),
    look(27, 4),
    look(40, undefined),
    look(0, undefined, true),
  ];

  it('reports the miss rate with and without sunglasses', () => {
    expect(value(looks, 'missed')).toBeCloseTo(100 / 7);
    expect(value(looks, 'missed, turned')).toBe(25);
    expect(value(looks, 'missed with sunglasses')).toBe(100);
  });

  it('measures looking away from the median of the frontal faces, and excludes labels in between', () => {
    expect(value(looks, 'median yaw of straight ones')).toBe(4);
    expect(value(looks, 'straight ones called away')).toBeCloseTo(100 / 3);
    expect(value(looks, 'turned ones called away')).toBe(50);
    expect(value(looks, 'away told from straight, of those found')).toBe(60);
  });
});
