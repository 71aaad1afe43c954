import { expect, test } from 'vitest';
import { EVENTS_AN_HOUR, type Footprint, machineFor, PICTURES_AN_HOUR, type StudentCost } from './sizes.ts';

const COST: StudentCost = { main: 1, host: 8, database: 1, received: 50_000, sent: 1000 };
const FOOTPRINT: Footprint = {
  main: 300 * 2 ** 20,
  host: 400 * 2 ** 20,
  threads: 2,
  student: 2 ** 20,
  event: 1000,
  minute: 500,
  picture: 40_000,
};

test('cores are twice the measured processor time, and never fewer than two', () => {
  // 100 students take 1 core.
  expect(machineFor(100, COST, FOOTPRINT)).toMatchObject({ cores: 2, mainCore: 0.1 });
  expect(machineFor(101, COST, FOOTPRINT).cores).toBe(4);
  expect(machineFor(500, COST, FOOTPRINT)).toMatchObject({ cores: 10, mainCore: 0.5 });
  expect(machineFor(1, COST, FOOTPRINT).cores).toBe(2);
});

test('memory is that of both processes, of a thread for each core and of the students, with half as much in reserve', () => {
  // 1.5 x (300 + 2 x 200 + 100 x 1) MiB, and 1.5 GiB for the system.
  expect(machineFor(100, COST, FOOTPRINT).memoryGiB).toBe(4);
  expect(machineFor(500, COST, FOOTPRINT).memoryGiB).toBe(6);
});

test('disk and line grow with the students', () => {
  const hour = EVENTS_AN_HOUR * 1000 + 60 * 500 + PICTURES_AN_HOUR * 40_000;
  expect(machineFor(100, COST, FOOTPRINT)).toMatchObject({
    diskMBHour: Math.ceil((2 * 100 * hour) / 1e6),
    inMbit: 50,
    outMbit: 1,
  });
});
