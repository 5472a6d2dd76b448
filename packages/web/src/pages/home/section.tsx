/** One part of the first page: a heading, something beside it, and its content. */
import type { ReactElement, ReactNode } from 'react';
import { Card, CardBody, CardHeader } from '@backstage/ui';

export interface SectionProps {
  readonly title: string;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, beside, children }: SectionProps): ReactElement {
  return (
    <Card className="home-card">
      <CardHeader className="home-card-head">
        <h2>{title}</h2>
        {beside}
      </CardHeader>
      <CardBody>{children}</CardBody>
    </Card>
  );
}
