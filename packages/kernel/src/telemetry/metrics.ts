/** Metrics in Prometheus' text format, over prom-client with a registry of our own (no global state). */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>;
  /** `collect` is called at each scrape and sets the value. */
  gauge<Label extends string = never>(
    options: MetricOptions<Label> & { collect?: (gauge: Gauge<Label>) => void },
  ): Gauge<Label>;
  histogram<Label extends string = never>(
    options: MetricOptions<Label> & { buckets?: number[] },
  ): Histogram<Label>;
  /** The text of a scrape. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  let processMetrics = false;
  const settings = <Label extends string>({ name, help, labels }: MetricOptions<Label>) => ({
    name,
    help,
    labelNames: labels ?? [],
    registers: [registry],
  });
  return {
    counter: (options) => new Counter(settings(options)),
    gauge: ({ collect, ...options }) =>
      new Gauge({
        ...settings(options),
        ...(collect !== undefined && {
          collect() {
            collect(this);
          },
        }),
      }),
    histogram: ({ buckets, ...options }) =>
      new Histogram({ ...settings(options), ...(buckets !== undefined && { buckets }) }),
    text: () => {
      // Event-loop and garbage-collection probes cost memory and time; only a scraped process pays for them.
      if (!processMetrics) collectDefaultMetrics({ register: registry });
      processMetrics = true;
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
