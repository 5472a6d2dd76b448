/** The regions that are enabled in an account, as the Account Management API says. https://docs.aws.amazon.com/accounts/latest/reference/ */
import type { AccountClient } from '@aws-sdk/client-account';
import { callForAll, toClientOptions, type CallDeps } from './call.ts';
import type { Connection } from './config.ts';
import { createKeep } from './keep.ts';

const HOUR = 60 * 60_000;

export interface EnabledRegionsDeps extends CallDeps {
  /** The account that manages the organization: AWS wants it to be asked for without its id. */
  readonly managedBy: () => Promise<string | null>;
}

/** @returns the names of regions by the id of an account, in their order; kept for an hour */
export function createEnabledRegions(
  connection: Connection,
  deps: EnabledRegionsDeps,
): (accountId: string) => Promise<readonly string[]> {
  const { now, limits, logger, managedBy } = deps;
  let client: AccountClient | null = null;
  return createKeep({
    now,
    onOld: () => logger.warn('AWS: the regions of before are used on.'),
    fresh: HOUR,
    usable: 24 * HOUR,
    load: async (accountId) => {
      const { AccountClient: Client, paginateListRegions } = await import('@aws-sdk/client-account');
      client ??= new Client(toClientOptions(connection, deps));
      const isManager = (await managedBy()) === accountId;
      const signal = AbortSignal.timeout(limits.list);
      const pages = paginateListRegions(
        { client, stopOnSameToken: true, pageSize: 50 },
        {
          RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'],
          ...(!isManager && { AccountId: accountId }),
        },
        { abortSignal: signal },
      );
      const action = { ...deps, connection, signal, action: 'account:ListRegions' };
      const regions = await callForAll(action, pages, (page) => page.Regions);
      return regions.flatMap(({ RegionName }) => RegionName ?? []).toSorted();
    },
  });
}
