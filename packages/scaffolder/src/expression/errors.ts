/** What goes wrong when a text with expressions is rendered, with the place in the text. */
import { CodedError } from '@callboard/kernel';

/** Code → HTTP status. */
export const EXPRESSION_ERRORS = {
  /** A template text cannot be read or evaluated. */
  'scaffolder/render-failed': 400,
  /** A text takes more work, depth, output or time than one may. */
  'scaffolder/render-limit': 400,
  /** A value is nested too deeply to be rendered. */
  'scaffolder/value-too-deep': 400,
  /** The address of a repository cannot be read, or names a host that nobody configured. */
  'scaffolder/bad-repo-url': 400,
} as const;

export type ExpressionErrorCode = keyof typeof EXPRESSION_ERRORS;

/** Where in a text, counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A text that could not be rendered. The message starts with `line:column`, so `file:` can be put before it. */
export class RenderError extends CodedError {
  readonly position: TextPosition;
  /** What happened, without the position. */
  readonly reason: string;

  constructor(code: ExpressionErrorCode, failure: { reason: string; position: TextPosition }) {
    const { reason, position } = failure;
    super(EXPRESSION_ERRORS[code], code, `${position.line}:${position.column} ${reason}`);
    this.reason = reason;
    this.position = position;
  }
}

/** True of errors that say that a limit was reached: they end what they happen in, everywhere. */
export function isLimitError(thrown: unknown): boolean {
  return (
    thrown instanceof CodedError &&
    (thrown.code === 'scaffolder/render-limit' || thrown.code === 'scaffolder/value-too-deep')
  );
}
