/** Why a text is no jq that can be translated, and where in it. Thrown inside this folder, and caught at its door. */
export class JqProblem extends Error {
  /** Characters into the text. */
  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.name = 'JqProblem';
    this.index = index;
  }
}
