import type { Box } from '../../models/jobs.ts';
import type { Look } from '../../bench/accuracy/looks.ts';
import type { LabelledFace, PackRecord } from '../../bench/accuracy/pack.ts';
import { detection, type Seen } from './detections.ts';

/** A surely labelled face that looks straight; its landmarks lie where a face has them. */
export function labelled(box: Box = [200, 140, 160, 200], more: Partial<LabelledFace> = {}): LabelledFace {
  const [x, y, w, h] = box;
  const at = (u: number, v: number): [number, number] => [x + u * w, y + v * h];
  return {
    box: [...box],
    ignore: false,
    kps5: [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)],
    pose: { yaw: 0, pitch: 0, roll: 0 },
    mesh_score: 1,
    ...more,
  };
}

export function packRecord(more: Partial<PackRecord> = {}): PackRecord {
  const faces = more.faces ?? [];
  return {
    file: 'a.jpg',
    width: 640,
    height: 480,
    source: 'drawn',
    kind: faces.length > 0 ? 'face' : 'neg',
    origin: 'a.jpg',
    group: 'a',
    faces,
    ...more,
  };
}

/** One labelled picture and what was seen in it. */
export function look(record: PackRecord, seen: Seen): Look {
  return { picture: { record, luma: 120, grey: false, skin: record.faces.map(() => 120) }, detection: detection(seen) };
}
