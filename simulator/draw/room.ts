import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Colour } from './colour.ts';
import {
  drawBookshelf,
  drawChair,
  drawDoor,
  drawLamp,
  drawPicture,
  drawPlant,
  drawSofa,
  drawWallShelf,
  drawWindow,
} from './furniture.ts';
import { between, mixSeed, pick, seeded } from './prng.ts';
import type { Light } from './shade.ts';

/** A room as seen by the camera, and the light on the person in it. */
export interface Room {
  /** RGBA, row-major */
  readonly pixels: Uint8ClampedArray;
  readonly light: Light;
}

const WALLS = ['#cfc8bb', '#b9c0c4', '#c9bfae', '#a9b2a2', '#d6d3cc', '#9fa9b5', '#c2a998', '#8f8a86'] as const;

/** `seatX`: x of the student's chair, pixels. */
export function drawRoom(seed: number, width: number, height: number, seatX: number): Room {
  const random = seeded(mixSeed(seed, 0x0400));
  const canvas = createCanvas(width, height);
  const draw = canvas.getContext('2d');
  const wall = pick(random, WALLS);
  draw.fillStyle = wall;
  draw.fillRect(0, 0, width, height);
  // Light comes from one side; the window, if any, is there.
  const fromRight = random() < 0.5;
  const side = fromRight ? 1 : -1;
  fall(draw, width, height, fromRight);
  furnish(draw, width, height, seed, seatX, fromRight);
  vignette(draw, width, height);
  return { pixels: soften(canvas, width, height), light: roomLight(random, side) };
}

function furnish(
  draw: SKRSContext2D,
  width: number,
  height: number,
  seed: number,
  seatX: number,
  fromRight: boolean,
): void {
  const random = seeded(mixSeed(seed, 0x0401));
  const near = (share: number): number => (fromRight ? width * (1 - share) : width * share);
  if (random() < 0.35)
    drawSofa(
      draw,
      random,
      between(random, -60, 40),
      height * between(random, 0.66, 0.74),
      width * between(random, 0.7, 1.1),
      220,
    );
  if (random() < 0.4) drawPanelling(draw, width, height, height * between(random, 0.5, 0.62));
  const lit = random();
  if (lit < 0.4) drawWindow(draw, random, near(0.16) - 75, between(random, 10, 40), 150, 220);
  else if (lit < 0.65) drawLamp(draw, random, near(0.1), height * 0.42, height);
  const far = (share: number): number => near(1 - share);
  const opposite = random();
  if (opposite < 0.45) drawBookshelf(draw, random, far(0.17) - 85, between(random, 30, 70), 170, 360);
  else if (opposite < 0.65) drawDoor(draw, random, far(0.16) - 70, 40, 140, height - 40);
  else drawPicture(draw, random, far(0.2) - 60, between(random, 50, 90), 120, 90);
  if (random() < 0.5)
    drawWallShelf(
      draw,
      random,
      width * between(random, 0.36, 0.45),
      between(random, 55, 80),
      between(random, 110, 160),
    );
  if (random() < 0.4) drawPlant(draw, random, far(0.07), height * 0.95);
  if (random() < 0.35)
    drawChair(draw, random, seatX, height * between(random, 0.5, 0.6), between(random, 230, 300), height);
}

/** Painted panelling on the lower wall. */
function drawPanelling(draw: SKRSContext2D, width: number, height: number, top: number): void {
  draw.fillStyle = 'rgba(255,255,255,0.22)';
  draw.fillRect(0, top, width, height - top);
  draw.fillStyle = 'rgba(40,35,30,0.28)';
  draw.fillRect(0, top, width, 4);
  for (let x = 18; x < width; x += 46) draw.fillRect(x, top + 8, 2, height);
}

function fall(draw: SKRSContext2D, width: number, height: number, fromRight: boolean): void {
  const across = draw.createLinearGradient(fromRight ? width : 0, 0, fromRight ? 0 : width, height * 0.6);
  across.addColorStop(0, 'rgba(255,250,240,0.28)');
  across.addColorStop(0.5, 'rgba(0,0,0,0.05)');
  across.addColorStop(1, 'rgba(0,0,0,0.34)');
  draw.fillStyle = across;
  draw.fillRect(0, 0, width, height);
}

function vignette(draw: SKRSContext2D, width: number, height: number): void {
  const round = draw.createRadialGradient(width / 2, height / 2, height * 0.4, width / 2, height / 2, height * 0.9);
  round.addColorStop(0, 'rgba(0,0,0,0)');
  round.addColorStop(1, 'rgba(0,0,0,0.3)');
  draw.fillStyle = round;
  draw.fillRect(0, 0, width, height);
}

/** Out of focus: the camera focuses on the person, two metres in front of the wall. */
function soften(canvas: Canvas, width: number, height: number): Uint8ClampedArray {
  const soft = createCanvas(width, height);
  const draw = soft.getContext('2d');
  draw.filter = 'blur(1.3px)';
  draw.drawImage(canvas, 0, 0);
  return new Uint8ClampedArray(draw.getImageData(0, 0, width, height).data);
}

function roomLight(random: () => number, side: 1 | -1): Light {
  const strength = between(random, 0.85, 1.2);
  const warm = between(random, -0.06, 0.1);
  const tint = (value: number): Colour => [value * (1 + warm), value, value * (1 - warm)];
  const direction = [side * between(random, 0.25, 0.6), between(random, 0.45, 0.7), 0.75] as const;
  const length = Math.hypot(...direction);
  return {
    key: tint(0.62 * strength),
    keyDirection: [direction[0] / length, direction[1] / length, direction[2] / length],
    sky: tint(0.3 * strength),
    ground: tint(0.12 * strength),
    screen: [0.1, 0.11, 0.13],
  };
}
