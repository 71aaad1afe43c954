/** Needs of one student at one rate, as measured. */
export interface StudentCost {
  /** CPU time a second, ms. */
  readonly main: number;
  readonly host: number;
  readonly database: number;
  /** Bytes a second. */
  readonly received: number;
  readonly sent: number;
}

/** Needs that do not depend on the rate, as measured. */
export interface Footprint {
  /** Resident memory without students: main process, and inference host with its threads; bytes. */
  readonly main: number;
  readonly host: number;
  readonly threads: number;
  /** Memory of one student in the main process, bytes. */
  readonly student: number;
  /** Database growth of one event with its part of the audit log, and of one student's minute, bytes. */
  readonly event: number;
  readonly minute: number;
  /** One picture of an incident, bytes. */
  readonly picture: number;
}

/** Assumptions about students; not measured. */
export const EVENTS_AN_HOUR = 60;
export const PICTURES_AN_HOUR = 12;

/** Share of the cores, and of the main process's core, that is planned for: the rest is for peaks and other tenants. */
export const PLANNED_SHARE = 0.5;
/** Planned memory and disk, times the measured. */
const RESERVE = 1.5;
const DISK_RESERVE = 2;
/** Planned traffic, times the measured: TLS, TCP, pages and reconnects. */
const LINE_RESERVE = 1.25;

const GIB = 2 ** 30;
const MB = 1e6;
/** For the operating system, and for PostgreSQL on the same machine. */
const SYSTEM_BYTES = 1.5 * GIB;

export interface MachineSize {
  readonly students: number;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Database and pictures, MB an hour. */
  readonly diskMBHour: number;
  /** Mbit/s. */
  readonly inMbit: number;
  readonly outMbit: number;
  /** Share of one core that the main process takes: it cannot use more than one for sockets. */
  readonly mainCore: number;
}

const hourly = ({ event, minute, picture }: Footprint): number =>
  EVENTS_AN_HOUR * event + 60 * minute + PICTURES_AN_HOUR * picture;

/** Machine for a number of students, with the stated reserves; cores in pairs, memory in steps of 2 GiB. */
export function machineFor(students: number, cost: StudentCost, footprint: Footprint): MachineSize {
  const perSecond = (ms: number) => (students * ms) / 1000;
  const busy = perSecond(cost.main + cost.host + cost.database);
  const cores = Math.max(2, 2 * Math.ceil(busy / PLANNED_SHARE / 2));
  const perThread = footprint.host / Math.max(1, footprint.threads);
  const memory = RESERVE * (footprint.main + cores * perThread + students * footprint.student) + SYSTEM_BYTES;
  const mbit = (bytes: number) => Math.ceil((students * bytes * 8 * LINE_RESERVE) / MB);
  return {
    students,
    cores,
    memoryGiB: 2 * Math.ceil(memory / GIB / 2),
    diskMBHour: Math.ceil((DISK_RESERVE * students * hourly(footprint)) / MB),
    inMbit: mbit(cost.received),
    outMbit: mbit(cost.sent),
    mainCore: Math.round(perSecond(cost.main) * 100) / 100,
  };
}
