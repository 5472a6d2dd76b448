/** What a person may use: accounts, and the roles and regions of each. The configuration counts before AWS. */
import type { OptionsUser } from '@callboard/plugin';
import { mayUse } from './access.ts';
import { mergeAccounts, type Account, type Organized } from './account.ts';
import { until, type CallDeps } from './call.ts';
import type { AwsConfig } from './config.ts';
import { createEnabledRegions } from './enabled-regions.ts';
import { awsError } from './errors.ts';
import { createIdentityCenter, type Role } from './identity-center.ts';
import { createOrganization } from './organization.ts';

/** Who asks, until when. */
export interface Asker {
  readonly user: OptionsUser;
  readonly signal: AbortSignal;
}

/** All of it rejects with CodedErrors `aws/…`, and with the reason of the signal. */
export interface Directory {
  /** By name, then by id. */
  readonly accounts: (asker: Asker) => Promise<readonly Account[]>;
  /** By id or name. Rejects with `aws/no-such-account` also for one that the person may not use. */
  readonly account: (asker: Asker, key: string) => Promise<Account>;
  readonly roles: (asker: Asker, account: Account) => Promise<readonly Role[]>;
  readonly regions: (asker: Asker, account: Account) => Promise<readonly string[]>;
}

const NOTHING: Organized = { accounts: [], closed: new Set() };

export function createDirectory(config: AwsConfig, deps: CallDeps): Directory {
  const organization =
    config.organizations === null
      ? null
      : createOrganization(config.organizations, { ...deps, withUnits: config.groupBy === 'ou' });
  const rolesOf = config.identityCenter === null ? null : createIdentityCenter(config.identityCenter, deps);
  const managedBy = async (): Promise<string | null> => (await organization?.managedBy()) ?? null;
  const regionsOf =
    config.accountApi === null ? null : createEnabledRegions(config.accountApi, { ...deps, managedBy });

  const patiently = async <Answer>({ signal }: Asker, answer: Promise<Answer>): Promise<Answer> => {
    const patience = AbortSignal.timeout(deps.limits.patience);
    try {
      return await until(AbortSignal.any([signal, patience]), answer);
    } catch (error) {
      if (error !== patience.reason) throw error;
      const message = 'AWS has not answered yet. It is being asked on: try again in a moment.';
      throw awsError('aws/unreachable', message);
    }
  };

  const accounts: Directory['accounts'] = async (asker) => {
    if (organization === null && config.accounts.length === 0) {
      const message = 'The configuration has no accounts: set "aws.accounts" or "aws.organizations".';
      throw awsError('aws/not-configured', message);
    }
    const listed = organization === null ? NOTHING : await patiently(asker, organization.accounts());
    const all = mergeAccounts(config.accounts, listed);
    return all.filter((account) => mayUse(asker.user, account, config.access));
  };

  return {
    accounts,
    account: async (asker, key) => {
      const own = await accounts(asker);
      const found = own.find(({ id }) => id === key) ?? own.find(({ name }) => name === key);
      if (found !== undefined) return found;
      const message = `There is no account "${key.slice(0, 80)}", or you may not use it. Choose one of the list.`;
      throw awsError('aws/no-such-account', message);
    },
    roles: async (asker, account) => {
      const configured = account.roles ?? (rolesOf === null ? config.roles : null);
      if (configured !== null) return configured.map((name) => ({ name, description: null }));
      if (rolesOf !== null) return patiently(asker, rolesOf(account.id));
      const message = `The configuration has no roles for the account ${account.name}: set "roles" of the account, "aws.roles" or "aws.identityCenter".`;
      throw awsError('aws/not-configured', message);
    },
    regions: async (asker, account) => {
      const configured = account.regions ?? config.regions;
      if (configured !== null) return configured;
      if (regionsOf !== null) return patiently(asker, regionsOf(account.id));
      const message = `The configuration has no regions for the account ${account.name}: set "regions" of the account or "aws.regions".`;
      throw awsError('aws/not-configured', message);
    },
  };
}
