/** What is shown instead of a page of the form that cannot be drawn; the rest of the form goes on. */
import { Component, type ErrorInfo, type ReactElement, type ReactNode } from 'react';
import { Alert } from '@backstage/ui';
import { messages } from '../messages.ts';

interface PageBoundaryProps {
  /** With another one, such as fields that were mended, the page is tried again. */
  readonly attempt?: unknown;
  readonly children: ReactNode;
}

interface PageBoundaryState {
  readonly said: string | null;
  readonly attempt: unknown;
}

export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override state: PageBoundaryState = { said: null, attempt: this.props.attempt };

  static getDerivedStateFromProps(
    { attempt }: PageBoundaryProps,
    state: PageBoundaryState,
  ): PageBoundaryState | null {
    return attempt === state.attempt ? null : { said: null, attempt };
  }

  static getDerivedStateFromError(thrown: unknown): Partial<PageBoundaryState> {
    return { said: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override componentDidCatch(_thrown: unknown, _info: ErrorInfo): void {
    // React has written it to the console.
  }

  override render(): ReactNode {
    return this.state.said === null ? this.props.children : <Crashed said={this.state.said} />;
  }
}

function Crashed({ said }: { readonly said: string }): ReactElement {
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={messages.crashed}
      description={
        <>
          {messages.crashedWhy}
          <code className="cb-said">{said}</code>
        </>
      }
    />
  );
}
