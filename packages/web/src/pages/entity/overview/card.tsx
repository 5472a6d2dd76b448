/** The frame of a card on the page of an entity: a title, what stands beside it, and the content. */
import type { ReactElement, ReactNode } from 'react';
import { Card, CardBody, CardHeader } from '@backstage/ui';

export interface EntityCardProps {
  readonly title: string;
  /** At the end of the line of the title. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

export function EntityCard({ title, beside, children }: EntityCardProps): ReactElement {
  return (
    <Card className="entity-card">
      <CardHeader className="entity-card-head">
        <h2>{title}</h2>
        {beside}
      </CardHeader>
      <CardBody>{children}</CardBody>
    </Card>
  );
}
