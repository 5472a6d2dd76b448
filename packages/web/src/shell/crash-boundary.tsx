/** Catches what a page throws while it renders, such as a chunk that a newer installation has replaced. */
import { Component, type ReactElement, type ReactNode } from 'react';
import { Alert, Button } from '@backstage/ui';
import { messages } from '../messages.ts';

interface Props {
  /** A change of this shows the children again, as a new address does. */
  readonly resetBy: string;
  readonly children: ReactNode;
}

interface State {
  readonly message: string | null;
}

export class CrashBoundary extends Component<Props, State> {
  override state: State = { message: null };

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.message !== null && before.resetBy !== this.props.resetBy) {
      this.setState({ message: null });
    }
  }

  override render(): ReactNode {
    return this.state.message === null ? this.props.children : <Crash message={this.state.message} />;
  }
}

function Crash({ message }: { readonly message: string }): ReactElement {
  return (
    <section className="cb-notice">
      <h1>{messages.crashed}</h1>
      <p>{messages.crashedWhy}</p>
      <Alert role="alert" status="danger" icon title={message} />
      <Button className="cb-notice-action" variant="primary" onPress={() => window.location.reload()}>
        {messages.reload}
      </Button>
    </section>
  );
}
