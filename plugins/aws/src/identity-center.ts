/**
 * The roles of an account: the permission sets of IAM Identity Center that are provisioned to it.
 * https://docs.aws.amazon.com/singlesignon/latest/APIReference/
 */
import type * as Library from '@aws-sdk/client-sso-admin';
import { call, callForAll, each, toClientOptions, type CallDeps } from './call.ts';
import type { AwsConfig } from './config.ts';
import { createKeep } from './keep.ts';

export interface Role {
  readonly name: string;
  readonly description: string | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** @returns the roles of an account by its id, in the order of their names; kept for five minutes, their names for an hour */
export function createIdentityCenter(
  connection: NonNullable<AwsConfig['identityCenter']>,
  deps: CallDeps,
): (accountId: string) => Promise<readonly Role[]> {
  const { now, limits, logger } = deps;
  const instance = { InstanceArn: connection.instanceArn };
  const library = (): Promise<typeof Library> => import('@aws-sdk/client-sso-admin');
  let client: Promise<Library.SSOAdminClient> | null = null;
  const open = (): Promise<Library.SSOAdminClient> => {
    client ??= library().then(({ SSOAdminClient }) => new SSOAdminClient(toClientOptions(connection, deps)));
    return client;
  };
  const doing = (action: string, signal: AbortSignal): Parameters<typeof call>[0] => ({
    ...deps,
    connection,
    signal,
    action: `sso:${action}`,
  });
  const onOld = (): void => logger.warn('AWS: the permission sets of before are used on.');

  const describe = createKeep({
    now,
    onOld,
    fresh: HOUR,
    usable: 24 * HOUR,
    load: async (arn): Promise<Role | null> => {
      const { DescribePermissionSetCommand } = await library();
      const signal = AbortSignal.timeout(limits.list);
      const command = new DescribePermissionSetCommand({ ...instance, PermissionSetArn: arn });
      const opened = await open();
      const answer = await call(doing('DescribePermissionSet', signal), () =>
        opened.send(command, { abortSignal: signal }),
      );
      const { Name: name, Description } = answer.PermissionSet ?? {};
      return name === undefined ? null : { name, description: Description ?? null };
    },
  });

  return createKeep({
    now,
    onOld,
    fresh: 5 * MINUTE,
    usable: HOUR,
    load: async (accountId) => {
      const { paginateListPermissionSetsProvisionedToAccount } = await library();
      const signal = AbortSignal.timeout(limits.list);
      const pages = paginateListPermissionSetsProvisionedToAccount(
        { client: await open(), stopOnSameToken: true },
        { ...instance, AccountId: accountId },
        { abortSignal: signal },
      );
      const action = doing('ListPermissionSetsProvisionedToAccount', signal);
      const arns = await callForAll(action, pages, (page) => page.PermissionSets);
      const roles = await each(arns, describe);
      return roles.filter((role) => role !== null).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
  });
}
