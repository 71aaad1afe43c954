import type { SKRSContext2D } from '@napi-rs/canvas';
import { between, pick, type Random } from './prng.ts';

/** Furniture. Coordinates in pixels: left, top, width, height. */

export function drawWindow(draw: SKRSContext2D, random: Random, x: number, y: number, w: number, h: number): void {
  draw.fillStyle = '#e9e6df';
  draw.fillRect(x - 8, y - 8, w + 16, h + 16);
  const sky = draw.createLinearGradient(0, y, 0, y + h);
  sky.addColorStop(0, pick(random, ['#dfe9f2', '#f3f4f2', '#cfdfee']));
  sky.addColorStop(0.7, '#eef1ef');
  sky.addColorStop(1, pick(random, ['#b7c2ae', '#c4c4bd', '#a9b59e']));
  draw.fillStyle = sky;
  draw.fillRect(x, y, w, h);
  draw.fillStyle = '#dcd8d0';
  draw.fillRect(x + w / 2 - 4, y, 8, h);
  draw.fillRect(x, y + h * 0.55, w, 7);
  draw.fillStyle = pick(random, ['rgba(150,120,100,0.75)', 'rgba(110,125,140,0.75)', 'rgba(190,185,175,0.8)']);
  for (let i = 0; i < 5; i++) {
    draw.fillRect(x - 30 + i * 8, y - 14, 6, h + 60);
    draw.fillRect(x + w - 8 + i * 8, y - 14, 6, h + 60);
  }
}

export function drawBookshelf(draw: SKRSContext2D, random: Random, x: number, y: number, w: number, h: number): void {
  draw.fillStyle = pick(random, ['#6f5136', '#4d3b2c', '#d5cfc4', '#8a6a48']);
  draw.fillRect(x, y, w, h);
  const shelves = 4;
  for (let shelf = 0; shelf < shelves; shelf++) {
    const top = y + 8 + (shelf * (h - 8)) / shelves;
    const room = (h - 8) / shelves - 10;
    draw.fillStyle = 'rgba(20,15,12,0.75)';
    draw.fillRect(x + 8, top, w - 16, room);
    let at = x + 10;
    while (at < x + w - 22) {
      const thick = between(random, 6, 15);
      const tall = room * between(random, 0.6, 0.93);
      if (random() < 0.88) {
        draw.fillStyle = `hsl(${Math.floor(between(random, 0, 360))} ${Math.floor(between(random, 12, 48))}% ${Math.floor(between(random, 22, 62))}%)`;
        draw.fillRect(at, top + room - tall, thick, tall);
      }
      at += thick + 1.5;
    }
  }
}

/** Wall shelf with books lying flat: small pictures and tall boxes here were sometimes detected as faces. */
export function drawWallShelf(draw: SKRSContext2D, random: Random, x: number, y: number, w: number): void {
  let at = x + 4;
  while (at < x + w - 48) {
    const wide = between(random, 22, 48);
    const tall = between(random, 7, 15);
    draw.fillStyle = `hsl(${Math.floor(between(random, 0, 360))} 14% ${Math.floor(between(random, 40, 80))}%)`;
    draw.fillRect(at, y - tall, wide, tall);
    at += wide + between(random, 2, 24);
  }
  draw.fillStyle = pick(random, ['#6f5136', '#e3ded4', '#3a3530']);
  draw.fillRect(x, y, w, 9);
}

export function drawDoor(draw: SKRSContext2D, random: Random, x: number, y: number, w: number, h: number): void {
  draw.fillStyle = '#a79b8a';
  draw.fillRect(x - 10, y - 10, w + 20, h + 10);
  draw.fillStyle = pick(random, ['#d9d4ca', '#8b6b4a', '#b7a68e']);
  draw.fillRect(x, y, w, h);
  draw.strokeStyle = 'rgba(40,30,20,0.35)';
  draw.lineWidth = 4;
  for (let panel = 0; panel < 2; panel++) draw.strokeRect(x + 22, y + 24 + panel * h * 0.5, w - 44, h * 0.38);
  draw.fillStyle = '#777268';
  draw.fillRect(x + w - 24, y + h * 0.5, 14, 6);
}

/** Framed picture of hills: blots and ovals could be detected as faces. */
export function drawPicture(draw: SKRSContext2D, random: Random, x: number, y: number, w: number, h: number): void {
  draw.fillStyle = pick(random, ['#2c2622', '#e5e1d8', '#7b6244']);
  draw.fillRect(x, y, w, h);
  draw.save();
  draw.beginPath();
  draw.rect(x + 6, y + 6, w - 12, h - 12);
  draw.clip();
  const sky = draw.createLinearGradient(0, y, 0, y + h);
  sky.addColorStop(0, pick(random, ['#9db4c9', '#d9c7a8', '#b5b9c9']));
  sky.addColorStop(1, '#e8e4da');
  draw.fillStyle = sky;
  draw.fillRect(x, y, w, h);
  for (let ridge = 0; ridge < 3; ridge++) {
    draw.fillStyle = `hsl(${Math.floor(between(random, 70, 220))} 22% ${55 - ridge * 13}%)`;
    draw.beginPath();
    draw.moveTo(x, y + h);
    const phase = between(random, 0, 6);
    for (let i = 0; i <= 20; i++)
      draw.lineTo(x + (i / 20) * w, y + h * (0.5 + ridge * 0.15) + Math.sin(i * 0.5 + phase) * h * 0.07);
    draw.lineTo(x + w, y + h);
    draw.fill();
  }
  draw.restore();
}

/** Back of the student's chair; `x` is its centre. */
export function drawChair(draw: SKRSContext2D, random: Random, x: number, y: number, w: number, h: number): void {
  draw.fillStyle = pick(random, ['#23252a', '#4a4038', '#5b6168', '#2e3a4d']);
  draw.beginPath();
  draw.roundRect(x - w / 2, y, w, h, 38);
  draw.fill();
  draw.strokeStyle = 'rgba(255,255,255,0.10)';
  draw.lineWidth = 3;
  for (const inset of [16, 40]) {
    draw.beginPath();
    draw.roundRect(x - w / 2 + inset, y + inset * 0.6, w - 2 * inset, h, 28);
    draw.stroke();
  }
}

/** Sofa or made bed at the far side of the room. */
export function drawSofa(draw: SKRSContext2D, random: Random, x: number, y: number, w: number, h: number): void {
  const hue = Math.floor(between(random, 0, 360));
  const tone = (light: number): string => `hsl(${hue} 16% ${light}%)`;
  draw.fillStyle = tone(34);
  draw.beginPath();
  draw.roundRect(x, y, w, h, 18);
  draw.fill();
  const seats = 3;
  for (let seat = 0; seat < seats; seat++) {
    draw.fillStyle = tone(40 + (seat % 2) * 3);
    draw.beginPath();
    draw.roundRect(x + 8 + (seat * (w - 16)) / seats, y + 10, (w - 16) / seats - 4, h * 0.45, 10);
    draw.fill();
  }
}

export function drawLamp(draw: SKRSContext2D, random: Random, x: number, y: number, floor: number): void {
  const glow = draw.createRadialGradient(x, y, 5, x, y, 150);
  glow.addColorStop(0, 'rgba(255,226,170,0.75)');
  glow.addColorStop(1, 'rgba(255,226,170,0)');
  draw.fillStyle = glow;
  draw.fillRect(x - 150, y - 150, 300, 300);
  draw.fillStyle = '#4b463f';
  draw.fillRect(x - 2, y, 4, floor - y);
  draw.fillStyle = pick(random, ['#f6e3b8', '#f1d3a2', '#efe9da']);
  draw.beginPath();
  draw.moveTo(x - 20, y - 34);
  draw.lineTo(x + 20, y - 34);
  draw.lineTo(x + 38, y + 22);
  draw.lineTo(x - 38, y + 22);
  draw.fill();
}

export function drawPlant(draw: SKRSContext2D, random: Random, x: number, floor: number): void {
  for (let leaf = 0; leaf < 16; leaf++) {
    draw.strokeStyle = `hsl(${Math.floor(between(random, 85, 135))} 32% ${Math.floor(between(random, 20, 42))}%)`;
    draw.lineWidth = between(random, 5, 10);
    draw.beginPath();
    draw.moveTo(x, floor - 50);
    draw.quadraticCurveTo(
      x + between(random, -30, 30),
      floor - 150,
      x + between(random, -75, 75),
      floor - between(random, 90, 210),
    );
    draw.stroke();
  }
  draw.fillStyle = pick(random, ['#a8623f', '#dcd9d2', '#54585c']);
  draw.fillRect(x - 26, floor - 55, 52, 60);
}
