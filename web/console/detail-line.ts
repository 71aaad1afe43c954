/** One detail of an event: name and value. */
export interface DetailLine {
  readonly name: string;
  readonly text: string;
}
