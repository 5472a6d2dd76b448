/** `@backstage/catalog-client`: the client itself is the service `catalogApiRef`. */
import { CATALOG_FILTER_EXISTS } from '../apis/catalog-service.ts';

export const catalogClient = { CATALOG_FILTER_EXISTS };
