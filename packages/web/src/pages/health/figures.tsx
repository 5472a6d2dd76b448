/** Parts of the health pages: a card, a number with its name, and a table of figures. */
import type { ReactElement, ReactNode } from 'react';
import { Card, CardBody, CardHeader } from '@backstage/ui';

export interface PanelProps {
  readonly title: string;
  /** Added to those that every panel has. */
  readonly className?: string;
  readonly children: ReactNode;
}

export function Panel(props: PanelProps): ReactElement {
  return (
    <Card className={`health-card ${props.className ?? ''}`}>
      <CardHeader className="health-card-head">
        <h2>{props.title}</h2>
      </CardHeader>
      <CardBody>{props.children}</CardBody>
    </Card>
  );
}

export interface FigureProps {
  readonly title: string;
  readonly value: ReactNode;
  /** Default: neither. */
  readonly tone?: 'good' | 'bad';
}

/** To be put into a `dl`. */
export function Figure({ title, value, tone }: FigureProps): ReactElement {
  return (
    <div className="figure" data-tone={tone}>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  );
}

export interface FigureColumn<Row> {
  readonly title: string;
  /** Numbers stand at the end of their column. Default: text. */
  readonly kind?: 'number' | 'text';
  readonly cell: (row: Row) => ReactNode;
}

export interface FigureTableProps<Row> {
  /** What the table holds, for screen readers. */
  readonly label: string;
  readonly columns: readonly FigureColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, index: number) => string;
}

/** Scrolls sideways where it is too wide; the first column names the row. */
export function FigureTable<Row>(props: FigureTableProps<Row>): ReactElement {
  const { label, columns, rows, keyOf } = props;
  return (
    <div className="figures-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="figures" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, kind = 'text' }) => (
              <th key={title} scope="col" data-kind={kind}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map(({ title, kind = 'text', cell }) => (
                <td key={title} data-kind={kind}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
