/** Catches what one custom field throws while it is drawn, so that the rest of the form goes on. */
import { Component, type ErrorInfo, type ReactElement, type ReactNode } from 'react';
import type { Locate } from '../load/locate.ts';
import { problemOf, wordsOf, type ExtensionProblem } from '../load/problem.ts';
import { messages } from '../messages.ts';
import { BrokenPanel } from './broken-field.tsx';

interface FieldBoundaryProps {
  readonly name: string;
  readonly file: string;
  readonly locate: Locate;
  /** Stands below the panel. */
  readonly plain: ReactElement;
  readonly children: ReactNode;
}

interface FieldBoundaryState {
  readonly problem: ExtensionProblem | null;
}

export class FieldBoundary extends Component<FieldBoundaryProps, FieldBoundaryState> {
  override state: FieldBoundaryState = { problem: null };
  #round = 0;

  static getDerivedStateFromError(thrown: unknown): FieldBoundaryState {
    return { problem: problemOf('', wordsOf(thrown)) };
  }

  override componentDidCatch(thrown: unknown, { componentStack }: ErrorInfo): void {
    void this.#locate(thrown, componentStack ?? undefined);
  }

  async #locate(thrown: unknown, componentStack: string | undefined): Promise<void> {
    const { file, locate } = this.props;
    const round = this.#round;
    const problem = await locate({ file, thrown, componentStack });
    if (round === this.#round) this.setState({ problem });
  }

  override componentWillUnmount(): void {
    this.#round += 1;
  }

  #retry = (): void => {
    this.#round += 1;
    this.setState({ problem: null });
  };

  override render(): ReactNode {
    const { problem } = this.state;
    const { name, file, plain, children } = this.props;
    if (problem === null) return children;
    return (
      <>
        <BrokenPanel
          title={messages.brokenField(name, file)}
          problems={[{ ...problem, file: problem.file === '' ? file : problem.file }]}
          onRetry={this.#retry}
        />
        {plain}
      </>
    );
  }
}
