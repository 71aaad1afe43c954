import { canReadStats } from '../../simulator/server/process-stats.ts';
import { figureTable, table } from '../../simulator/report/table.ts';
import type { Benchmark } from '../benchmark.ts';
import { clipOf } from '../clips.ts';
import { facesOneEach } from '../frame-list.ts';
import { seedDatabase } from '../seeded/database.ts';
import { capacityFigures, costOf, footprintOf } from './figures.ts';
import { measureCapacity, pictureBytes } from './measure.ts';
import { RATES } from './rates.ts';
import { EVENTS_AN_HOUR, machineFor, PICTURES_AN_HOUR, PLANNED_SHARE } from './sizes.ts';

const SECS = 15;
const ROUNDS = 5;
const STUDENTS = 40;
/** Numbers of students in the table of machines. */
const SIZES = [30, 100, 250, 500];

/** Figures for planning: needs of one student, and machines for many. */
export const capacity: Benchmark = {
  name: 'capacity',
  about:
    'processor time, memory, disk and network of one student, at the default policy and at 2 and 5 frames/s, and a table of machine sizes computed from them',
  run: async ({ secs = SECS, rounds = ROUNDS, sessions: students = STUDENTS, frames: folder }, say) => {
    if (!canReadStats()) throw new Error('processor time is read from /proc, which this system does not have');
    const { DATABASE_URL: databaseUrl } = process.env;
    const errors: string[] = [];
    const faces = await facesOneEach(folder, say);
    const clips = faces.jpegs.map((jpeg, seed) => clipOf(jpeg, seed));
    const frameBytes = mean(clips.flat().map(({ byteLength }) => byteLength));
    const database = await seedDatabase(
      databaseUrl,
      RATES.map(({ policy }) => ({ students, policy })),
    );
    try {
      const measured = await measureCapacity(database, { secs, rounds, rates: RATES, clips }, say, errors);
      const footprint = footprintOf(measured, pictureBytes(database.folder) ?? frameBytes);
      const costs = RATES.map((rate) => ({
        rate,
        cost: costOf(rate, measured.samples.get(rate.name) ?? [], measured.idle),
      }));
      const machines = costs.map(({ rate, cost }) => ({
        rate: rate.name,
        sizes: SIZES.map((count) => machineFor(count, cost, footprint)),
      }));
      const figures = capacityFigures(costs, footprint, measured);
      return {
        input: {
          seconds: secs,
          rounds,
          students,
          database: databaseUrl === undefined ? 'PGlite' : 'PostgreSQL',
          frames: `camera-like clips of ${faces.about}`,
          meanFrameBytes: Math.round(frameBytes),
          server: measured.health,
          assumed: { eventsAnHour: EVENTS_AN_HOUR, picturesAnHour: PICTURES_AN_HOUR, plannedShare: PLANNED_SHARE },
        },
        figures,
        text: [
          figureTable(figures),
          `machines, planned to be ${PLANNED_SHARE * 100} % busy, with ${EVENTS_AN_HOUR} events and ${PICTURES_AN_HOUR} pictures of incidents an hour of each student:`,
          table(
            [
              'rate',
              'students',
              'cores',
              'memory GiB',
              'disk MB an hour',
              'in Mbit/s',
              'out Mbit/s',
              'main process, cores',
            ],
            machines.flatMap(({ rate, sizes }) =>
              sizes.map((size) => [
                rate,
                size.students,
                size.cores,
                size.memoryGiB,
                size.diskMBHour,
                size.inMbit,
                size.outMbit,
                size.mainCore,
              ]),
            ),
          ),
        ].join('\n\n'),
        errors,
        more: { machines },
      };
    } finally {
      await database.remove();
    }
  },
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
