/** The catalog's metrics, under the names that dashboards for Backstage know. */
import type { Metrics } from '@callboard/kernel';
import type { EntityIndex } from './index/entity-index.ts';
import { countOf } from './index/ordinals.ts';
import type { Engine } from './ingest/engine.ts';
import type { Locations } from './locations.ts';

export function measureCatalog(
  metrics: Metrics,
  of: { index: EntityIndex; engine: Engine; locations: Locations },
): void {
  metrics.gauge({
    name: 'catalog_entities_count',
    help: 'Entities by kind',
    labels: ['kind'],
    collect: (gauge) => {
      gauge.reset();
      for (const [kind, ordinals] of of.index.key('kind')?.entries() ?? []) {
        gauge.set({ kind }, countOf(ordinals));
      }
    },
  });
  metrics.gauge({
    name: 'catalog_registered_locations_count',
    help: 'Locations registered through the API',
    collect: (gauge) => gauge.set(of.locations.all().length),
  });
  metrics.gauge({
    name: 'catalog_relations_count',
    help: 'Relations by type',
    labels: ['type'],
    collect: (gauge) => {
      gauge.reset();
      for (const [type, count] of of.index.relationCounts()) gauge.set({ type }, count);
    },
  });
  metrics.gauge({
    name: 'catalog_read_backlog',
    help: 'Locations that wait to be read or are being read',
    collect: (gauge) => gauge.set(of.engine.backlog),
  });
}
