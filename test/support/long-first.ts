import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest on two cores: one of them at the end would leave the other workers idle. */
const LONG =
  /(attack|attempt-sequences|calibration|capacity|console-resumes|end-to-end|exam-interruptions|exam-page|firefox|import|lists|load|long-sitting|main-path|postgres-settings|slow-line|webkit|whole-term)\.test\.ts$/;

/** Long files first, and a file with a process of its own before those that share one. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project: { config } }: TestSpecification) => [
      config.sequence.groupOrder,
      config.isolate ? 0 : 1,
      config.name,
      LONG.test(moduleId) ? 0 : 1,
    ];
    // Vitest's own order, by size in a fresh clone, among files of the same rank.
    const ranked = (await super.sort(files)).map((file) => ({ file, rank: rank(file) }));
    return ranked.toSorted((a, b) => compare(a.rank, b.rank)).map(({ file }) => file);
  }
}

function compare(a: readonly (string | number | undefined)[], b: readonly (string | number | undefined)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}
